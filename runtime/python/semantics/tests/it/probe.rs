//! A machine that computes nothing and takes every way through a handler.
//!
//! Decisions are answered from a script; a handler is run again for each script that leads somewhere new, depth first, which
//! ends because handlers are deterministic and loop only over small known numbers. What is known (constants, and conditions
//! on constants alone) decides itself, and so does nothing else: a way may be taken that no operands lead to.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use python_semantics::Python;
use vm_api::code::{Instruction, StubInfo};
use vm_api::engine::{
    After, Cond, FixedCallStub, FixedStub, FloatOp, HiddenId, IntOp, Language, Machine, R, Stop, WindowCallStub,
    WindowStub,
};
use vm_api::heap::ShapeIndex;

/// More ways than any handler has, by far.
const MOST_WAYS: usize = 2_000_000;

/// What the ways through a handler have in common.
#[derive(Default)]
pub(crate) struct Ways {
    /// The names of the stubs on them.
    pub(crate) stubs: BTreeSet<&'static str>,
    /// Does a way pass no stub?
    pub(crate) without: bool,
    /// Does a way pass a stub?
    pub(crate) with: bool,
    /// Does a way pass stubs that run Python code?
    pub(crate) with_code: bool,
    /// Does a way pass stubs, but none that runs Python code?
    pub(crate) with_leaves: bool,
    /// How many there are.
    pub(crate) count: usize,
}

impl Ways {
    /// Adds the ways of one instruction.
    pub(crate) fn explore(&mut self, instruction: &Instruction) {
        let mut script = Vec::new();
        loop {
            let probe = Probe {
                script: RefCell::new(script),
                at: Cell::new(0),
                stubs: RefCell::default(),
                runs_code: Cell::new(false),
            };
            // A way may end by raising, which is a way like any other.
            let _: R = Python::exec(&probe, instruction);
            let (stubs, runs_code) = (probe.stubs.into_inner(), probe.runs_code.get());
            self.with_code |= runs_code;
            self.with_leaves |= !stubs.is_empty() && !runs_code;
            self.without |= stubs.is_empty();
            self.with |= !stubs.is_empty();
            self.stubs.extend(stubs);
            self.count += 1;
            assert!(self.count < MOST_WAYS, "opcode {} has no end of ways", instruction.op);
            // The last decision that was answered yes is answered no next; what follows it is asked anew.
            script = probe.script.into_inner();
            while script.last() == Some(&false) {
                script.pop();
            }
            match script.last_mut() {
                Some(last) => *last = false,
                None => return,
            }
        }
    }
}

/// See the module header.
struct Probe {
    script: RefCell<Vec<bool>>,
    at: Cell<usize>,
    stubs: RefCell<BTreeSet<&'static str>>,
    /// Did it pass a stub that runs Python code?
    runs_code: Cell<bool>,
}

impl Probe {
    fn decide(&self, known: Option<bool>) -> bool {
        known.unwrap_or_else(|| {
            let at = self.at.replace(self.at.get() + 1);
            let mut script = self.script.borrow_mut();
            if at == script.len() {
                script.push(true);
            }
            script[at]
        })
    }
    fn pass(&self, stub: &'static StubInfo) {
        self.stubs.borrow_mut().insert(stub.name);
        self.runs_code.set(self.runs_code.get() || stub.effects.runs_language);
    }
}

/// Operations whose result nobody knows: `name(operands) -> type = what stands for it`.
macro_rules! unknown {
    ($($name:ident($($operand:ty),*) $(-> $result:ty = $value:expr)?;)*) => {
        $(fn $name(&self, $(_: $operand),*) $(-> $result)? { $($value)? })*
    };
}

impl Machine for Probe {
    type Val = ();
    type Int = Option<i64>;
    type Flt = ();
    type Bool = Option<bool>;
    type Ptr = ();
    type Code = ();
    type Entry = ();

    fn test(&self, c: Option<bool>) -> bool {
        self.decide(c)
    }
    fn spec(&self, c: Option<bool>, _: u32, _: u32) -> bool {
        self.decide(c)
    }
    fn rare(&self, c: Option<bool>, _: u32, _: u32) -> bool {
        self.decide(c)
    }
    fn expect(&self, x: Option<i64>, _: u32) -> Option<i64> {
        x
    }
    fn known(&self, x: Option<i64>) -> Option<i64> {
        x
    }
    fn int_const(&self, i: i64) -> Option<i64> {
        Some(i)
    }
    fn bool_const(&self, b: bool) -> Option<bool> {
        Some(b)
    }
    fn int_op(&self, op: IntOp, x: Option<i64>, y: Option<i64>) -> Option<i64> {
        op.apply(x?, y?)
    }
    fn int_cmp(&self, c: Cond, x: Option<i64>, y: Option<i64>) -> Option<bool> {
        Some(c.apply_int(x?, y?))
    }
    fn not(&self, b: Option<bool>) -> Option<bool> {
        b.map(|b| !b)
    }
    fn bool_to_int(&self, b: Option<bool>) -> Option<i64> {
        b.map(i64::from)
    }
    fn cached(&self, _: Option<i64>, _: u32) -> Option<()> {
        self.decide(None).then_some(())
    }
    fn raise(&self, _: ()) -> R {
        Err(Stop)
    }

    fn meet(&self, _: u32) -> R {
        Ok(())
    }
    fn meet_with(&self, _: u32, x: Option<i64>) -> R<Option<i64>> {
        Ok(x)
    }
    fn stub(&self, s: &'static FixedStub, _: [(); 3], _: i32, _: u32) -> R<()> {
        self.pass(&s.info);
        Ok(())
    }
    fn stub_window(&self, s: &'static WindowStub, _: u16, _: u16, _: i32, _: u32) -> R<()> {
        self.pass(&s.info);
        Ok(())
    }
    fn call_stub(&self, s: &'static WindowCallStub, _: u16, _: u16, _: i32, _: u16, _: u32) -> R {
        self.pass(&s.info);
        Ok(())
    }
    fn call_stub_fixed(&self, s: &'static FixedCallStub, _: [(); 3], _: i32, _: u16, _: u32) -> R {
        self.pass(&s.info);
        Ok(())
    }
    fn suspend(&self, _: u32, _: ()) -> R {
        Ok(())
    }
    fn resume(&self, _: &'static FixedCallStub, _: (), _: (), _: (), _: u16, _: u32) -> R {
        Ok(())
    }

    unknown! {
        get(u16) -> () = ();
        set(u16, ());
        constant(i32) -> () = ();
        function() -> () = ();
        root(u32) -> () = ();
        set_root(u32, ());
        assume(u32);
        jump(i32);
        loop_back(i32) -> R = Ok(());
        ret(()) -> R = Ok(());
        invoke((), u16, u16, u16, After) -> R = Ok(());
        invoke_with((), (), &[()], u16, After) -> R = Ok(());
        hidden(HiddenId, &[()], u16, u32, After) -> R = Ok(());
        code(Option<i64>) -> () = ();
        simple_parameters(()) -> Option<i64> = None;
        is_int(()) -> Option<bool> = None;
        both_int((), ()) -> Option<bool> = None;
        is_float(()) -> Option<bool> = None;
        both_float((), ()) -> Option<bool> = None;
        is_object(()) -> Option<bool> = None;
        is_bool(()) -> Option<bool> = None;
        same((), ()) -> Option<bool> = None;
        is_word((), u64) -> Option<bool> = None;
        word(u64) -> () = ();
        int(()) -> Option<i64> = None;
        float(()) -> () = ();
        ptr(()) -> () = ();
        boolean(()) -> Option<bool> = None;
        make_int(Option<i64>) -> () = ();
        make_float(()) -> () = ();
        make_bool(Option<bool>) -> () = ();
        make_object(()) -> () = ();
        float_const(f64) -> () = ();
        int_arith(IntOp, Option<i64>, Option<i64>) -> (Option<i64>, Option<bool>) = (None, None);
        int_fits(Option<i64>) -> Option<bool> = None;
        float_op(FloatOp, (), ()) -> () = ();
        float_cmp(Cond, (), ()) -> Option<bool> = None;
        int_to_float(Option<i64>) -> () = ();
        float_to_int(()) -> Option<i64> = None;
        shape(()) -> Option<i64> = None;
        load_word((), u32) -> Option<i64> = None;
        load((), u32) -> () = ();
        load_at((), Option<i64>) -> () = ();
        load_u8((), Option<i64>) -> Option<i64> = None;
        load_u16((), Option<i64>) -> Option<i64> = None;
        load_u32((), Option<i64>) -> Option<i64> = None;
        load_float((), Option<i64>) -> () = ();
        load_element((), Option<i64>) -> () = ();
        store_word((), u32, Option<i64>);
        store((), u32, ());
        store_at((), Option<i64>, ());
        store_float((), Option<i64>, ());
        store_element((), Option<i64>, ());
        set_shape((), Option<i64>);
        alloc(ShapeIndex, u32) -> R<()> = Ok(());
        init((), u32, ());
        init_word((), u32, Option<i64>);
        cached_shape(u32) -> Option<i64> = None;
        cached_payload(u32) -> Option<i64> = None;
        cached_value(u32) -> () = ();
        entry_payload(()) -> Option<i64> = None;
        entry_value(()) -> () = ();
    }
}
