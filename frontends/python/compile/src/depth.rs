//! How deeply a tree is nested, found without recursion: the rest of the crate recurses, and relies on this check.

use crate::error::{CompileError, Compiled};
use python_syntax::ast::{AnyNode, Ast, Field, Root};

/// Nested nodes that CPython 3.12 accepts: its limit is 3,000, of which the calls around the compiler take a few.
pub const LIMIT: usize = 2_996;

/// Trees up to this depth are compiled on the caller's stack.
const SHALLOW: usize = 60;

/// Stack for one level, generously, in a build without optimization.
const STACK_PER_LEVEL: usize = 24 << 10;

/// The number of nodes on the longest path from the top, or `RecursionError` if there are more than [`LIMIT`].
pub(crate) fn measure(ast: &Ast) -> Compiled<usize> {
    let mut deepest = 0;
    let mut work: Vec<(AnyNode, usize)> = Vec::new();
    match ast.root {
        Root::Module { body, .. } | Root::Interactive { body } => {
            work.extend(ast.list(body).iter().map(|&stmt| (AnyNode::Stmt(stmt), 1)));
        }
        Root::Expression { body } => work.push((AnyNode::Expr(body), 1)),
        Root::FunctionType { .. } => return Err(no_code()),
    }
    while let Some((node, depth)) = work.pop() {
        // As in CPython, only these count; the others (arguments, aliases, …) cannot nest without them.
        let counts = matches!(node, AnyNode::Stmt(_) | AnyNode::Expr(_) | AnyNode::Pattern(_));
        let depth = depth + usize::from(counts);
        deepest = deepest.max(depth);
        if depth > LIMIT + 1 {
            return Err(CompileError::Recursion);
        }
        ast.any(node).fields(&mut |_, field| match field {
            Field::Node(child) | Field::Optional(Some(child)) => work.push((child, depth)),
            Field::Nodes(list) => {
                work.extend((0..list.len()).filter_map(|at| ast.any_item(list, at)).map(|child| (child, depth)));
            }
            _ => {}
        });
    }
    Ok(deepest)
}

/// Runs `work`, which recurses over a tree of this depth, where there is stack enough.
pub(crate) fn with_stack<T: Send>(depth: usize, work: impl FnOnce() -> Compiled<T> + Send) -> Compiled<T> {
    if depth <= SHALLOW {
        return work();
    }
    std::thread::scope(|scope| {
        let stack = (1 << 20) + depth * STACK_PER_LEVEL;
        // A machine that cannot give the stack cannot compile the tree: the same answer as for a deeper one.
        let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(CompileError::Recursion),
        }
    })
}

/// The error for a tree that stands for no code.
pub(crate) fn no_code() -> CompileError {
    CompileError::TooLarge("the type of a function is no code".into())
}
