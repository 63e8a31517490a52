//! Python 3.12 source text to AST: lexer, parser, unparser, ast.dump
