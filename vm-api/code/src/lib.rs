//! Bytecode container: instructions, positions, exception tables, feedback schema, verifier, text and serialised forms
