//! A collector that only ever hands out memory: enough to test a language before there is a real one.

use vm_heap::{
    AllocRequest, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, Object, OutOfMemory, Trigger,
};

const BYTES: usize = 1 << 30;

static DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "bump",
    summary: "hands out memory until there is none",
    collects: false,
    moves: false,
    barriers: false,
    incremental: false,
};

#[derive(Default)]
pub(crate) struct Bump {
    memory: Vec<u64>,
}

impl Collector for Bump {
    fn descriptor(&self) -> &'static CollectorDescriptor {
        &DESCRIPTOR
    }
    fn attach(&mut self, cx: &mut GcContext<'_>) {
        self.memory = vec![0; BYTES / 8];
        let range = self.memory.as_ptr_range();
        (cx.fast.cursor, cx.fast.limit) = (range.start as u64, range.end as u64);
    }
    fn alloc_slow(&mut self, _: &mut GcContext<'_>, _: AllocRequest) -> Result<(u64, u8), OutOfMemory> {
        Err(OutOfMemory)
    }
    fn barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object) {}
    fn element_barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object, _: u64) {}
    fn range_barrier(&mut self, _: &mut GcContext<'_>, _: Object, _: u64, _: u64) {}
    fn weak_read(&mut self, _: &mut GcContext<'_>, _: Object) {}
    fn register_finalizable(&mut self, _: &mut GcContext<'_>, _: Object) {}
    fn safepoint(&mut self, _: &mut GcContext<'_>) {}
    fn collect(&mut self, _: &mut GcContext<'_>, _: CollectKind, _: Trigger) {}
    fn each_object(&mut self, _: &mut GcContext<'_>, _: &mut dyn FnMut(Object)) {}
    fn find_object(&mut self, _: &mut GcContext<'_>, _: u64) -> Option<Object> {
        None
    }
    fn verify(&mut self, _: &mut GcContext<'_>) -> Result<(), String> {
        Ok(())
    }
    fn stats(&self) -> CollectorStats {
        CollectorStats::default()
    }
}
