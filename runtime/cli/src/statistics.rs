//! The heap's counters at the end of a run, as `--gc-stats=FILE` writes them (described in `docs/formats.md`).

use vm_api::heap::Heap;

/// Version of the format; raised when a field changes its meaning or goes.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// The counters as one line of JSON. All keys and strings are our own ASCII words, so nothing needs escaping.
pub(crate) fn to_json(heap: &Heap) -> String {
    let (stats, stress) = (heap.stats(), heap.stress());
    let allocations = match stress.mode().counts_allocations() {
        true => stress.allocations().to_string(),
        false => "null".to_owned(),
    };
    format!(
        "{{\"v\":{FORMAT_VERSION},\"collector\":\"{}\",\"allocations\":{allocations},\"forced\":{},\"minor\":{},\
         \"full\":{},\"steps\":{},\"used\":{},\"held\":{},\"allocated\":{},\"copied\":{},\"pinned\":{}}}\n",
        heap.descriptor().name,
        stress.forced(),
        stats.minor,
        stats.full,
        stats.steps,
        stats.used_bytes,
        stats.held_bytes,
        stats.allocated_bytes,
        stats.copied_bytes,
        stats.pinned_objects
    )
}

/// The number of allocations in what [`to_json`] made; `None` if they were not counted.
pub(crate) fn allocations(json: &str) -> Option<u64> {
    let (_, rest) = json.split_once("\"allocations\":")?;
    rest.split(',').next()?.parse().ok()
}
