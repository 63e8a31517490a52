//! Glue; see `fuzzing::TARGETS`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzzing::run("python_differential", data);
});
