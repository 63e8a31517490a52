//! JSON objects, written as they are made.
//!
//! Keys are our own ASCII words; values may be a program's names, so they are escaped.

/// A JSON object that is being made.
pub(super) struct Json(String);

impl Json {
    /// Without fields.
    pub(super) fn new() -> Json {
        Json("{".to_owned())
    }
    fn key(&mut self, key: &'static str) -> &mut String {
        let comma = if self.0.len() > 1 { "," } else { "" };
        self.0 += &format!("{comma}\"{key}\":");
        &mut self.0
    }
    pub(super) fn number(mut self, key: &'static str, value: u64) -> Json {
        *self.key(key) += &value.to_string();
        self
    }
    /// `null` if there is none.
    pub(super) fn number_if_known(self, key: &'static str, value: Option<u64>) -> Json {
        match value {
            Some(value) => self.number(key, value),
            None => self.absent(key),
        }
    }
    pub(super) fn absent(mut self, key: &'static str) -> Json {
        *self.key(key) += "null";
        self
    }
    /// A finite number.
    pub(super) fn fraction(mut self, key: &'static str, value: f64) -> Json {
        *self.key(key) += &format!("{value:.4}");
        self
    }
    pub(super) fn flag(mut self, key: &'static str, value: bool) -> Json {
        *self.key(key) += if value { "true" } else { "false" };
        self
    }
    pub(super) fn text(mut self, key: &'static str, value: &str) -> Json {
        let out = self.key(key);
        out.push('"');
        for c in value.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => *out += "\\n",
                c if c < ' ' => *out += &format!("\\u{:04x}", u32::from(c)),
                c => out.push(c),
            }
        }
        out.push('"');
        self
    }
    pub(super) fn object(mut self, key: &'static str, value: Json) -> Json {
        *self.key(key) += &value.finish();
        self
    }
    pub(super) fn list(mut self, key: &'static str, values: impl IntoIterator<Item = Json>) -> Json {
        let values: Vec<String> = values.into_iter().map(Json::finish).collect();
        *self.key(key) += &format!("[{}]", values.join(","));
        self
    }
    /// As text.
    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_json() {
        let inner = || Json::new().number("n", 1);
        let made = Json::new()
            .text("t", "<lambda> \"a\\b\"\n\u{1}\u{e9}")
            .flag("f", true)
            .number_if_known("k", None)
            .number_if_known("l", Some(2))
            .object("o", Json::new())
            .list("none", [])
            .list("two", [inner(), inner()]);
        assert_eq!(
            made.finish(),
            "{\"t\":\"<lambda> \\\"a\\\\b\\\"\\n\\u0001\u{e9}\",\"f\":true,\"k\":null,\"l\":2,\"o\":{},\"none\":[],\
             \"two\":[{\"n\":1},{\"n\":1}]}"
        );
    }
}
