//! From text to tokens, and from tokens to functions. What is inside a function is left to `compile`.

/// A token, with its line.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub line: u32,
}

/// What a token is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// A name or a keyword.
    Word(String),
    /// A number.
    Number(f64),
    /// `+ - * < ( ) { } , =`
    Symbol(char),
    /// The end of the function.
    End,
}

/// A function, not yet compiled.
#[derive(Debug)]
pub struct Function {
    /// Its name; that of the statements outside is `main`.
    pub name: String,
    /// The parameters' names.
    pub parameters: Vec<String>,
    /// The statements, [`Kind::End`] last.
    pub body: Vec<Token>,
}

/// Text to tokens.
///
/// # Errors
/// A character that begins no token.
fn tokens(source: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (kind, taken) = match first {
            '\n' => {
                line += 1;
                (None, 1)
            }
            _ if first.is_whitespace() => (None, first.len_utf8()),
            _ if first.is_alphabetic() => {
                let end = length(|c| c.is_alphanumeric() || c == '_');
                (Some(Kind::Word(rest[..end].to_owned())), end)
            }
            _ if first.is_ascii_digit() => {
                let end = length(|c| c.is_ascii_digit() || c == '.');
                let number = rest[..end].parse().map_err(|_| format!("line {line}: {} is no number", &rest[..end]))?;
                (Some(Kind::Number(number)), end)
            }
            _ if "+-*<(){},=".contains(first) => (Some(Kind::Symbol(first)), 1),
            _ => return Err(format!("line {line}: {first:?} begins nothing")),
        };
        tokens.extend(kind.map(|kind| Token { kind, line }));
        rest = &rest[taken..];
    }
    Ok(tokens)
}

/// Splits a program into its functions, `main` first.
///
/// # Errors
/// What is wrong, and where.
pub fn functions(source: &str) -> Result<Vec<Function>, String> {
    let mut tokens = tokens(source)?.into_iter().peekable();
    let mut functions = vec![Function { name: "main".to_owned(), parameters: Vec::new(), body: Vec::new() }];
    while let Some(token) = tokens.next() {
        if token.kind != Kind::Word("fn".to_owned()) {
            functions[0].body.push(token);
            continue;
        }
        let line = token.line;
        let Some(Kind::Word(name)) = tokens.next().map(|token| token.kind) else {
            return Err(format!("line {line}: a function without a name"));
        };
        let mut parameters = Vec::new();
        for token in tokens.by_ref().take_while(|token| token.kind != Kind::Symbol('{')) {
            match token.kind {
                Kind::Word(parameter) if !parameters.contains(&parameter) => parameters.push(parameter),
                Kind::Symbol('(' | ')' | ',') => {}
                other => return Err(format!("line {line}: {other:?} is no new parameter")),
            }
        }
        // Up to the brace that closes the function's own.
        let (mut body, mut depth) = (Vec::new(), 1);
        for token in tokens.by_ref() {
            depth += match token.kind {
                Kind::Symbol('{') => 1,
                Kind::Symbol('}') => -1,
                _ => 0,
            };
            if depth == 0 {
                break;
            }
            body.push(token);
        }
        functions.push(Function { name, parameters, body });
    }
    for function in &mut functions {
        let line = function.body.last().map_or(1, |token| token.line);
        function.body.push(Token { kind: Kind::End, line });
    }
    Ok(functions)
}
