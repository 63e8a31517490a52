//! The slow paths: every stub right for all operands, with or without a fast path in front of it.
//!
//! Those that only ever raise are declared like any other, since an engine treats them alike.

use std::io::Write;

use vm_code::{Effects, StubInfo};
use vm_engine::{CodeIndex, FeedbackSlot, FixedStub, Stub, Thread, bit};
use vm_heap::{Object, OutOfMemory, ShapeIndex, Value, value::int_fits};

use crate::format::{display, text};
use crate::object::*;
use crate::run::OUT_OF_MEMORY;
use crate::state::Symbol;

/// Payload of an inline cache whose value is a method.
pub const METHOD: u32 = u32::MAX;

/// Declares the stubs: name, effects, and the function, which gets the thread, the feedback slot, three operands and
/// the immediate, and returns a value or an error to raise.
macro_rules! stubs {
    ($($(#[$doc:meta])* $name:ident $text:literal $effects:ident = $function:ident;)*) => {
        $($(#[$doc])* pub static $name: FixedStub = FixedStub {
            info: StubInfo { name: $text, effects: Effects::$effects },
            function: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, a: Value, b: Value, c: Value, immediate: i32,
                ) -> Value {
                    // SAFETY: engines pass null or a live slot, which is the stub's alone until it returns.
                    let slot = unsafe { feedback(slot) };
                    $function(thread, slot, [a, b, c], immediate).unwrap_or_else(|error| raise(thread, error))
                }
                enter
            },
        };)*

        /// All of them.
        pub static STUBS: &[Stub] = &[$(Stub::Fixed(&$name)),*];
    };
}

stubs! {
    /// `a + b`
    ADD "add" ALLOCATES = add;
    /// `a - b`
    SUBTRACT "subtract" ALLOCATES = subtract;
    /// `a * b`
    MULTIPLY "multiply" ALLOCATES = multiply;
    /// `a / b`
    DIVIDE "divide" ALLOCATES = divide;
    /// `-a`
    NEGATE "negate" ALLOCATES = negate;
    /// `a < b`
    LESS "less" ALLOCATES = less;
    /// `a == b`
    EQUAL "equal" PURE = equal;
    /// Whether `a` counts as true.
    TRUTH "truth" PURE = truth;
    /// Raises that global `a` is not defined.
    UNDEFINED "undefined" ALLOCATES = undefined;
    /// Raises that `a`, a closure or class, does not take so many arguments as the immediate says.
    ARITY "arity" ALLOCATES = arity;
    /// Calls `a`, which is neither closure nor class nor bound method.
    CALL_OTHER "call_other" ALLOCATES = call_other;
    /// `a`'s property `b`; fills the cache.
    GET_PROPERTY "get_property" ALLOCATES = get_property;
    /// Sets `a`'s field `b` to `c`; fills the cache.
    SET_PROPERTY "set_property" WRITES = set_property;
    /// `a`'s method `b`, and fills the cache; or, if it has a field of that name, a new cell with the field's value.
    FIND_METHOD "find_method" ALLOCATES = find_method;
    /// Class `a`'s method `b`; fills the cache.
    FIND_SUPER "find_super" ALLOCATES = find_super;
    /// Class `b`'s method `c`, bound to `a`.
    BIND_SUPER "bind_super" ALLOCATES = bind_super;
    /// A new class called `a`.
    NEW_CLASS "new_class" ALLOCATES = new_class;
    /// Lets the new class `a` inherit from `b`.
    INHERIT "inherit" WRITES = inherit;
    /// Gives the new class `a` the closure `b` as its method `c`.
    ADD_METHOD "add_method" WRITES = add_method;
    /// Prints `a`.
    PRINT "print" WRITES = print;
}

/// What a stub raises.
enum Error {
    OutOfMemory,
    Message(String),
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Error {
        Error::OutOfMemory
    }
}

type Outcome = Result<Value, Error>;
type Feedback<'a> = Option<&'a mut FeedbackSlot>;

fn fail<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Message(message.into()))
}

/// Raises; returns the sentinel for it. An exception of Lox is the string that is its message.
fn raise(thread: &Thread, error: Error) -> Value {
    let exception = match error {
        Error::OutOfMemory => None,
        Error::Message(message) => new_string(thread.heap(), &[message.as_bytes()]).ok(),
    };
    _ = thread.raise(exception.map_or_else(|| thread.root(OUT_OF_MEMORY), Object::value));
    Value::EMPTY
}

/// Records that a fast path on numbers would not have helped.
fn record_other(slot: Feedback<'_>) {
    if let Some(slot) = slot {
        slot.bits |= bit::OTHER;
    }
}

/// Fills an inline cache, unless it has seen too many shapes.
fn fill(thread: &Thread, slot: Feedback<'_>, shape: ShapeIndex, payload: u32, value: Value) {
    if let Some(slot) = slot
        && slot.bits & bit::MEGAMORPHIC == 0
    {
        slot.cache(thread, FeedbackSlot::make_key(shape.0, payload), value);
    }
}

// Operators.

/// The number as a value: a whole one as an integer if it comes of whole ones.
fn whole_or_float(whole: Option<i64>, float: f64) -> Value {
    match whole {
        Some(whole) if int_fits(whole) && (whole != 0 || float.is_sign_positive()) => Value::int(whole),
        _ => Value::float(float),
    }
}

fn arithmetic(
    slot: Feedback<'_>,
    [a, b, _]: [Value; 3],
    whole: fn(i64, i64) -> Option<i64>,
    float: fn(f64, f64) -> f64,
) -> Outcome {
    let (Kind::Number(x), Kind::Number(y)) = (kind(a), kind(b)) else {
        record_other(slot);
        return fail("Operands must be numbers.");
    };
    let whole = if a.both_int(b) { whole(a.as_int(), b.as_int()) } else { None };
    Ok(whole_or_float(whole, float(x, y)))
}

fn add(thread: &Thread, slot: Feedback<'_>, operands: [Value; 3], _: i32) -> Outcome {
    match (kind(operands[0]), kind(operands[1])) {
        (Kind::Number(_), Kind::Number(_)) => arithmetic(slot, operands, i64::checked_add, |x, y| x + y),
        (Kind::String(left), Kind::String(right)) => {
            record_other(slot);
            Ok(new_string(thread.heap(), &[string_bytes(left), string_bytes(right)])?.value())
        }
        _ => {
            record_other(slot);
            fail("Operands must be two numbers or two strings.")
        }
    }
}

fn subtract(_: &Thread, slot: Feedback<'_>, operands: [Value; 3], _: i32) -> Outcome {
    arithmetic(slot, operands, i64::checked_sub, |x, y| x - y)
}

fn multiply(_: &Thread, slot: Feedback<'_>, operands: [Value; 3], _: i32) -> Outcome {
    arithmetic(slot, operands, i64::checked_mul, |x, y| x * y)
}

fn divide(_: &Thread, slot: Feedback<'_>, operands: [Value; 3], _: i32) -> Outcome {
    arithmetic(slot, operands, |_, _| None, |x, y| x / y)
}

fn negate(_: &Thread, slot: Feedback<'_>, [a, ..]: [Value; 3], _: i32) -> Outcome {
    let Kind::Number(x) = kind(a) else {
        record_other(slot);
        return fail("Operand must be a number.");
    };
    Ok(whole_or_float(a.is_int().then(|| -a.as_int()), -x))
}

fn less(_: &Thread, slot: Feedback<'_>, [a, b, _]: [Value; 3], _: i32) -> Outcome {
    let (Kind::Number(x), Kind::Number(y)) = (kind(a), kind(b)) else {
        record_other(slot);
        return fail("Operands must be numbers.");
    };
    Ok(Value::bool(x < y))
}

fn equal(_: &Thread, slot: Feedback<'_>, [a, b, _]: [Value; 3], _: i32) -> Outcome {
    let result = match (kind(a), kind(b)) {
        (Kind::Number(x), Kind::Number(y)) => x == y,
        (Kind::String(x), Kind::String(y)) => {
            record_other(slot);
            string_bytes(x) == string_bytes(y)
        }
        _ => {
            record_other(slot);
            a == b
        }
    };
    Ok(Value::bool(result))
}

fn truth(_: &Thread, slot: Feedback<'_>, [a, ..]: [Value; 3], _: i32) -> Outcome {
    record_other(slot);
    Ok(Value::bool(!matches!(kind(a), Kind::Nil | Kind::Bool(false))))
}

// Variables and calls.

fn undefined(_: &Thread, _: Feedback<'_>, [global, ..]: [Value; 3], _: i32) -> Outcome {
    let name = text(Object::of(field(Object::of(global), GLOBAL_NAME)));
    fail(format!("Undefined variable '{name}'."))
}

fn arity(thread: &Thread, _: Feedback<'_>, [callee, ..]: [Value; 3], got: i32) -> Outcome {
    let expected = match kind(callee) {
        Kind::Closure(closure) => {
            let index = CodeIndex(field(closure, CLOSURE_CODE).as_int() as u32);
            // The receiver is a parameter that nobody counts.
            thread.ops().code(thread, index).parameters.positional - 1
        }
        _ => 0,
    };
    fail(format!("Expected {expected} arguments but got {got}."))
}

fn call_other(thread: &Thread, _: Feedback<'_>, [callee, ..]: [Value; 3], _: i32) -> Outcome {
    match kind(callee) {
        Kind::Native => Ok(Value::float(state(thread).started.elapsed().as_secs_f64())),
        _ => fail("Can only call functions and classes."),
    }
}

// Properties.

/// The method of `class` called `name`.
fn lookup(class: Object, name: Symbol) -> Option<Object> {
    let methods = Object::from_value(field(class, CLASS_METHODS))?;
    let index = (0..methods.length()).step_by(2).find(|&i| methods.element(i) == name.value())?;
    Some(Object::of(methods.element(index + 1)))
}

fn class_of(instance: Object) -> Object {
    Object::of(field(instance, INSTANCE_CLASS))
}

fn undefined_property<T>(thread: &Thread, name: Symbol) -> Result<T, Error> {
    fail(format!("Undefined property '{}'.", state(thread).name(name)))
}

fn bind(thread: &Thread, receiver: Value, method: Object) -> Outcome {
    let bound = thread.heap().alloc(BOUND_METHOD, BOUND_WORDS as usize)?;
    bound.init(BOUND_RECEIVER as usize / 8, receiver);
    bound.init(BOUND_CLOSURE as usize / 8, method.value());
    Ok(bound.value())
}

/// The value of a field that the instance's shape has.
fn read_field(instance: Object, place: u32) -> Value {
    if place < INSTANCE_BYTES {
        field(instance, place)
    } else {
        Object::of(field(instance, INSTANCE_OVERFLOW)).element((place - INSTANCE_BYTES) as usize)
    }
}

fn get_property(thread: &Thread, slot: Feedback<'_>, [receiver, name, _]: [Value; 3], _: i32) -> Outcome {
    let Kind::Instance(instance) = kind(receiver) else {
        return fail("Only instances have properties.");
    };
    let (shape, name) = (instance.shape(), Symbol::of(name));
    if let Some(index) = state(thread).field_index(shape, name) {
        fill(thread, slot, shape, field_place(index), Value::EMPTY);
        return Ok(read_field(instance, field_place(index)));
    }
    let Some(method) = lookup(class_of(instance), name) else { return undefined_property(thread, name) };
    fill(thread, slot, shape, METHOD, method.value());
    bind(thread, receiver, method)
}

fn set_property(thread: &Thread, slot: Feedback<'_>, [receiver, name, value]: [Value; 3], _: i32) -> Outcome {
    let Kind::Instance(instance) = kind(receiver) else {
        return fail("Only instances have fields.");
    };
    let (shape, name, heap) = (instance.shape(), Symbol::of(name), thread.heap());
    let (next, index) = match state(thread).field_index(shape, name) {
        Some(index) => (None, index),
        None => match state(thread).with_field(thread, shape, name) {
            Some((next, index)) => (Some(next), index),
            None => return fail("Too many kinds of instances."),
        },
    };
    let place = field_place(index);
    if place < INSTANCE_BYTES {
        let added = next.map_or(Value::EMPTY, |next| Value::int(i64::from(next.0)));
        fill(thread, slot, shape, place, added);
        set_field(heap, instance, place, value);
    } else {
        let element = (place - INSTANCE_BYTES) as usize;
        if next.is_some() {
            make_room(thread, instance, element)?;
        } else {
            fill(thread, slot, shape, place, Value::EMPTY);
        }
        heap.store_element(Object::of(field(instance, INSTANCE_OVERFLOW)), element, value);
    }
    if let Some(next) = next {
        instance.set_shape(next);
    }
    Ok(value)
}

/// Makes sure that the instance's overflow has an element of this index.
fn make_room(thread: &Thread, instance: Object, element: usize) -> Result<(), Error> {
    let heap = thread.heap();
    let old = Object::from_value(field(instance, INSTANCE_OVERFLOW));
    let length = old.map_or(0, Object::length);
    if element < length {
        return Ok(());
    }
    let new = heap.alloc_array(ARRAY, (2 * length).max(4))?;
    if let Some(old) = old {
        heap.copy_elements(old, 0, new, 0, length);
    }
    set_field(heap, instance, INSTANCE_OVERFLOW, new.value());
    Ok(())
}

fn find_method(thread: &Thread, slot: Feedback<'_>, [receiver, name, _]: [Value; 3], _: i32) -> Outcome {
    let Kind::Instance(instance) = kind(receiver) else {
        return fail("Only instances have methods.");
    };
    let (shape, name) = (instance.shape(), Symbol::of(name));
    if let Some(index) = state(thread).field_index(shape, name) {
        let cell = thread.heap().alloc(CELL, 2)?;
        cell.init(CELL_VALUE as usize / 8, read_field(instance, field_place(index)));
        return Ok(cell.value());
    }
    let Some(method) = lookup(class_of(instance), name) else { return undefined_property(thread, name) };
    fill(thread, slot, shape, field(method, CLOSURE_CODE).as_int() as u32, method.value());
    Ok(method.value())
}

fn find_super(thread: &Thread, slot: Feedback<'_>, [class, name, _]: [Value; 3], _: i32) -> Outcome {
    let (class, name) = (Object::of(class), Symbol::of(name));
    let Some(method) = lookup(class, name) else { return undefined_property(thread, name) };
    let shape = ShapeIndex(field(class, CLASS_SHAPE).as_int() as u32);
    fill(thread, slot, shape, field(method, CLOSURE_CODE).as_int() as u32, method.value());
    Ok(method.value())
}

fn bind_super(thread: &Thread, _: Feedback<'_>, [receiver, class, name]: [Value; 3], _: i32) -> Outcome {
    match lookup(Object::of(class), Symbol::of(name)) {
        Some(method) => bind(thread, receiver, method),
        None => undefined_property(thread, Symbol::of(name)),
    }
}

// Classes.

fn new_class(thread: &Thread, _: Feedback<'_>, [name, ..]: [Value; 3], _: i32) -> Outcome {
    let class = thread.heap().alloc(CLASS, 5)?;
    let Some(shape) = state(thread).new_shape(thread) else { return fail("Too many classes.") };
    class.init(CLASS_NAME as usize / 8, name);
    class.init(CLASS_SHAPE as usize / 8, Value::int(i64::from(shape.0)));
    Ok(class.value())
}

fn inherit(thread: &Thread, _: Feedback<'_>, [class, superclass, _]: [Value; 3], _: i32) -> Outcome {
    let Kind::Class(superclass) = kind(superclass) else {
        return fail("Superclass must be a class.");
    };
    let (heap, class) = (thread.heap(), Object::of(class));
    if let Some(methods) = Object::from_value(field(superclass, CLASS_METHODS)) {
        let copy = heap.alloc_array(ARRAY, methods.length())?;
        heap.copy_elements(methods, 0, copy, 0, methods.length());
        set_field(heap, class, CLASS_METHODS, copy.value());
    }
    set_field(heap, class, CLASS_INIT, field(superclass, CLASS_INIT));
    Ok(Value::NONE)
}

fn add_method(thread: &Thread, _: Feedback<'_>, [class, method, name]: [Value; 3], _: i32) -> Outcome {
    let (heap, class) = (thread.heap(), Object::of(class));
    if Symbol::of(name) == state(thread).symbol("init") {
        set_field(heap, class, CLASS_INIT, method);
    }
    let mut methods = Object::from_value(field(class, CLASS_METHODS));
    let length = methods.map_or(0, Object::length);
    let place = methods.and_then(|methods| {
        (0..length).step_by(2).find(|&i| methods.element(i) == name || methods.element(i).is_empty())
    });
    if place.is_none() {
        let larger = heap.alloc_array(ARRAY, (2 * length).max(8))?;
        if let Some(methods) = methods {
            heap.copy_elements(methods, 0, larger, 0, length);
        }
        set_field(heap, class, CLASS_METHODS, larger.value());
        methods = Some(larger);
    }
    if let Some(methods) = methods {
        heap.store_element(methods, place.unwrap_or(length), name);
        heap.store_element(methods, place.unwrap_or(length) + 1, method);
    }
    Ok(Value::NONE)
}

fn print(thread: &Thread, _: Feedback<'_>, [value, ..]: [Value; 3], _: i32) -> Outcome {
    match writeln!(state(thread).output.borrow_mut(), "{}", display(thread, value)) {
        Ok(()) => Ok(Value::NONE),
        Err(error) => fail(format!("Could not print: {error}.")),
    }
}
