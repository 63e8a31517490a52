//! Imports.

use super::*;

impl<'a> Compiler<'a> {
    fn import_module(&mut self, at: Span, name: &str, from: K, level: u32) -> Compiled<Reg> {
        let module = self.constant_operand(from, at);
        let Ok(level) = u16::try_from(level) else {
            return Err(CompileError::TooLarge("a relative import of so many levels".into()));
        };
        let name = self.tables.names.intern(name);
        let name = self.name_index(name);
        self.emit(at, IMPORT_NAME, module, module, level, name);
        Ok(module)
    }

    pub(super) fn import(&mut self, id: StmtId, names: List<AliasId>) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        for &alias in ast.list(names) {
            let Alias { name, asname } = ast[alias];
            let path = ast.name(name);
            let module = self.import_module(at, path, K::None, 0)?;
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            match asname {
                None => self.store_named(first, module, at)?,
                Some(asname) => {
                    // `import a.b.c as d` binds the submodule, found step by step.
                    for part in rest.split('.').filter(|part| !part.is_empty()) {
                        let name = self.unit().builder.name(part);
                        self.emit(at, IMPORT_FROM, module, module, 0, name);
                    }
                    self.store_name(asname, module, at)?;
                }
            }
            self.release_to(module);
        }
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        id: StmtId,
        module: Option<Symbol>,
        names: List<AliasId>,
        level: u32,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let path = module.map_or("", |module| ast.name(module));
        if path == "__future__" && level == 0 && (at.lineno, at.col_offset) > self.future.last {
            return self.error("from __future__ imports must occur at the beginning of the file", at);
        }
        let names = ast.list(names);
        let wanted: Box<[K]> = names.iter().map(|&alias| self.text(ast[alias].name)).collect();
        let module = self.import_module(at, path, K::Tuple(wanted), level)?;
        for &alias in names {
            let Alias { name, asname } = ast[alias];
            if ast.name(name) == "*" {
                self.emit(at, IMPORT_STAR, module, 0, 0, 0);
                continue;
            }
            let value = self.temporary();
            let index = self.name_index(name);
            self.emit(at, IMPORT_FROM, value, module, 0, index);
            self.store_name(asname.unwrap_or(name), value, at)?;
            self.release_to(value);
        }
        self.release_to(module);
        Ok(())
    }
}
