//! Python 3.12 AST to register bytecode: scopes, constants, code generation

pub mod opcodes;
