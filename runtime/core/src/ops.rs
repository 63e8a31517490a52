//! What the runtime does for stubs.

use crate::frame::Start;
use crate::runtime::Runtime;
use crate::tier::Tier;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use vm_api::code::Code;
use vm_api::code::definitions::Definition;
use vm_api::engine::{
    CallArguments, CodeIndex, Context, FeedbackSlot, FrameId, InspectFrame, R, RuntimeOps, Thread, VisitFrame,
    WantedCollection,
};
use vm_api::heap::{Object, Value};

/// Implements [`RuntimeOps`] before the runtime is placed: looks the runtime up through the thread, its first field.
pub(crate) struct Ops;

impl Ops {
    fn runtime<'a>(&self, thread: &'a Thread) -> &'a Runtime {
        Runtime::of(thread)
    }
}

pub(crate) static OPS: Ops = Ops;

impl RuntimeOps for Ops {
    fn call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value> {
        self.runtime(thread).call(code, callee, arguments)
    }
    fn install(&self, thread: &Thread, code: Arc<Code>, constants: &[Value]) -> CodeIndex {
        self.runtime(thread).install(code, constants)
    }
    fn code<'t>(&self, thread: &'t Thread, index: CodeIndex) -> &'t Arc<Code> {
        &self.runtime(thread).unit(index).code
    }
    fn walk_frames(&self, thread: &Thread, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool) {
        self.runtime(thread).walk_frames(f);
    }
    fn prepare_call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: CallArguments<'_>) -> R<Value> {
        self.runtime(thread).prepare_call(code, callee, arguments)
    }
    fn prepare_completed(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        arguments: CallArguments<'_>,
        context: &Context,
    ) -> R<Value> {
        self.runtime(thread).prepare_completed(code, callee, arguments, context)
    }
    fn prepare_resume(&self, thread: &Thread, suspended: Value, sent: Option<Value>) -> R<Value> {
        self.runtime(thread).prepare_resume(Object::of(suspended), sent)
    }
    fn suspend(&self, thread: &Thread) {
        self.runtime(thread).suspend();
    }
    fn run_prepared(&self, thread: &Thread) -> R<Value> {
        self.runtime(thread).run_prepared(Start::Next)
    }
    fn run_prepared_raising(&self, thread: &Thread) -> R<Value> {
        self.runtime(thread).run_prepared(Start::Raising)
    }
    fn stand_by(&self, thread: &Thread, f: &mut dyn FnMut()) -> R<()> {
        self.runtime(thread).stand_by(f)
    }
    fn set_stepping(&self, thread: &Thread, on: bool) {
        self.runtime(thread).set_stepping(on);
    }
    fn leave_compiled(&self, thread: &Thread) {
        self.runtime(thread).leave_compiled();
    }
    fn constant(&self, thread: &Thread, code: CodeIndex, index: u32) -> Value {
        self.runtime(thread).unit(code).constant(index)
    }
    fn live_temporaries(&self, thread: &Thread, code: CodeIndex, at: u32) -> Vec<u16> {
        self.runtime(thread).unit(code).live_temporaries(at)
    }
    fn definitions(&self, thread: &Thread, code: CodeIndex, at: u32, register: u16) -> Vec<Definition> {
        self.runtime(thread).unit(code).definitions(at, register)
    }
    fn limit_frames(&self, thread: &Thread, frames: usize) {
        self.runtime(thread).vm().limit_frames(frames);
    }
    fn safepoint(&self, thread: &Thread) {
        self.runtime(thread).safepoint_of_stub();
    }
    fn request_collection(&self, thread: &Thread, wanted: WantedCollection) {
        self.runtime(thread).request_collection(wanted);
    }
    fn collect_requested(&self, thread: &Thread) {
        self.runtime(thread).collect_requested();
    }
    fn blocking(&self, thread: &Thread, call: &mut dyn FnMut()) {
        self.runtime(thread).blocking(call);
    }
    fn start_thread(
        &self,
        thread: &Thread,
        stack: usize,
        argument: Value,
        prepare: &mut dyn FnMut(&Thread),
        body: fn(&Thread, Value),
    ) -> io::Result<u64> {
        self.runtime(thread).start_thread(stack, argument, prepare, body)
    }
    fn each_thread(&self, thread: &Thread, f: &mut dyn FnMut(&Thread)) {
        self.runtime(thread).threads().for_each(|t| f(&t.thread));
    }
    fn stop_others(&self, thread: &Thread) {
        self.runtime(thread).stop_others();
    }
    fn before_fork(&self, thread: &Thread) -> io::Result<()> {
        self.runtime(thread).tier().map_or(Ok(()), Tier::before_fork)
    }
    fn after_fork_in_parent(&self, thread: &Thread) {
        if let Some(tier) = self.runtime(thread).tier() {
            tier.after_fork(false);
        }
    }
    fn after_fork(&self, thread: &Thread) {
        self.runtime(thread).after_fork();
    }
    fn switch_interval(&self, thread: &Thread) -> Duration {
        self.runtime(thread).lock().interval()
    }
    fn set_switch_interval(&self, thread: &Thread, interval: Duration) {
        self.runtime(thread).lock().set_interval(interval);
    }
    fn current_frame(&self, thread: &Thread, f: InspectFrame<'_>) {
        self.runtime(thread).current_frame(f);
    }
    fn walk_places(&self, thread: &Thread, f: VisitFrame<'_>) {
        self.runtime(thread).walk_places(f);
    }
    fn inspect_frame(&self, thread: &Thread, frame: FrameId, f: InspectFrame<'_>) -> bool {
        self.runtime(thread).inspect_frame(frame, f)
    }
    fn observe_frame(&self, thread: &Thread, frame: FrameId) {
        self.runtime(thread).observe_frame(frame);
    }
    fn flush_caches(&self, thread: &Thread) {
        self.runtime(thread).flush_caches();
    }
    fn note_cached(&self, thread: &Thread, slot: &mut FeedbackSlot) {
        self.runtime(thread).recent().note_slot(slot);
    }
    fn further_entries(&self, thread: &Thread) -> *mut FeedbackSlot {
        self.runtime(thread).add_feedback([const { FeedbackSlot::EMPTY }; FeedbackSlot::FURTHER].into())
    }
}
