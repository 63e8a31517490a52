//! Every test of the kit over every collector. A new collector is a line in the table below.

mod backends;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use vm_heap::stress::Stress;
use vm_testkit::Create;
use vm_testkit::model::{heap_ops, heap_ops_with};
use vm_testkit::programs::{PROGRAMS, run};

macro_rules! collectors {
    ($($name:ident => $create:path;)+) => {
        /// Every collector's constructor, by name.
        const COLLECTORS: &[(&str, Create)] = &[$((stringify!($name), $create)),+];
        $(mod $name {
            #[test]
            fn passes_the_conformance_suite() {
                vm_testkit::conformance::collector_conformance($create);
            }
            #[test]
            fn agrees_with_the_model() {
                super::agrees_with_the_model($create);
            }
            #[test]
            fn answers_do_not_depend_on_when_it_collects() {
                super::answers_do_not_depend_on_collections($create);
            }
        })+
    };
}

collectors! {
    none => gc_none::create;
    marksweep => gc_marksweep::create;
    semispace => gc_semispace::create;
    generational => gc_generational::create;
    satb => gc_satb::create;
}

#[test]
fn the_table_names_each_collector_as_it_names_itself() {
    for (name, create) in COLLECTORS {
        assert_eq!(vm_testkit::conformance::descriptor(*create).name, *name);
    }
}

/// Random programs, shrunk when one fails: the same ones each time, unless `PROPTEST_RNG_SEED` says otherwise, and as many
/// as `PROPTEST_CASES` says.
fn agrees_with_the_model(create: Create) {
    let mut config = ProptestConfig { max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 40;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let programs = proptest::collection::vec(any::<u8>(), 0..1200);
    let result = runner.run(&programs, |data| {
        heap_ops_with(create, &data);
        Ok(())
    });
    if let Err(e) = result {
        panic!("{e}");
    }
}

/// The driver that fuzz targets call takes anything.
#[test]
fn heap_ops_runs_random_bytes_on_every_collector() {
    let collectors: Vec<Create> = COLLECTORS.iter().map(|(_, create)| *create).collect();
    heap_ops(&collectors, &[]);
    heap_ops(&collectors, &[0xFF; 64]);
    let mut state = 0x853C_49E6_748F_EA9Bu64;
    for round in 0..8 {
        let data: Vec<u8> = (0..400 + round * 100)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 40) as u8
            })
            .collect();
        heap_ops(&collectors, &data);
    }
}

/// One collection at each allocation in turn, then schedules of many.
fn answers_do_not_depend_on_collections(create: Create) {
    for program in PROGRAMS {
        let (expected, allocations) = run(create, *program, Stress::Count);
        assert_eq!(run(gc_none::create, *program, Stress::Off).0, expected, "{}", program.0);
        assert!(allocations > 50, "{} allocates too little to test anything", program.0);
        for k in 0..allocations {
            let (answer, _) = run(create, *program, Stress::Once(k));
            assert_eq!(answer, expected, "{} with --gc-stress=once:{k}", program.0);
        }
        for stress in [Stress::Alloc(1), Stress::Alloc(3), Stress::Safepoint(1), Stress::Random(1), Stress::Random(2)] {
            assert_eq!(run(create, *program, stress).0, expected, "{} with {stress:?}", program.0);
        }
    }
}

/// The fields that `docs/formats.md` documents for an event: the code spans in the first column of its table.
fn documented_fields(event: &str) -> Vec<String> {
    let text = include_str!("../../../../docs/formats.md");
    let section = text.split(&format!("### `{event}`")).nth(1).expect("the event is documented");
    let table = section.lines().take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with("| `"));
    table
        .flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2))
        .map(str::to_string)
        .collect()
}

/// Keys and values of one line of a log, in order. Panics on anything but a flat object of numbers, words and truths.
fn parse_line(line: &str) -> Vec<(String, String)> {
    let inside = line.strip_prefix('{').and_then(|l| l.strip_suffix('}')).expect("one object a line");
    inside
        .split(',')
        .map(|pair| {
            let (key, value) = pair.split_once(':').expect("a key and a value");
            let key = key.strip_prefix('"').and_then(|k| k.strip_suffix('"')).expect("a quoted key");
            let word = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            assert!(
                word.is_some_and(|w| w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
                    || value.parse::<u64>().is_ok()
                    || ["true", "false"].contains(&value),
                "{value}"
            );
            (key.to_string(), word.unwrap_or(value).to_string())
        })
        .collect()
}

/// A root source that misses a write would lose an object; the verifier finds it before that.
#[test]
fn a_root_that_a_young_collection_is_not_shown_is_found() {
    use vm_heap::{CollectKind, HeapOptions, Trigger};
    use vm_testkit::mock::{MockVm, checked};
    let options = HeapOptions { verify_pre: false, verify_post: false, ..checked(16 << 20) };
    let vm = MockVm::new(gc_generational::create, options);
    let slot = vm.push(vm.numbered(1));
    let minor = || vm.heap.collect(CollectKind::Minor, Trigger::Explicit);
    // Twice, and what it holds is old.
    minor();
    minor();
    vm.heap.verify().expect("nothing young in it");
    vm.set_unnoticed(slot, vm.numbered(2));
    let found = vm.heap.verify().expect_err("a slot that was written unnoticed");
    assert!(found.contains("not shown a root slot"), "{found}");
    vm.set(slot, vm.numbered(3));
    vm.heap.verify().expect("noticed");
    minor();
    assert_eq!(vm.number(vm.get(slot)), 3);
}

/// Young collections look at few roots of many.
#[test]
fn slots_that_nobody_writes_to_cost_young_collections_nothing() {
    use vm_heap::{CollectKind, HeapOptions, Trigger};
    use vm_testkit::mock::{MockVm, checked};
    let vm = MockVm::new(gc_generational::create, HeapOptions { log: true, ..checked(64 << 20) });
    for i in 0..1000 {
        vm.push(vm.numbered(i));
    }
    for _ in 0..3 {
        vm.heap.collect(CollectKind::Minor, Trigger::Explicit);
    }
    vm.set(7, vm.numbered(-7));
    vm.heap.collect(CollectKind::Minor, Trigger::Explicit);
    let last = last_pause(&vm.heap);
    assert!(last.roots < 10, "{last:?}");
    assert_eq!((vm.number(vm.get(7)), vm.number(vm.get(999))), (-7, 999));
}

/// The heap's last pause.
fn last_pause(heap: &vm_heap::Heap) -> vm_heap::events::Pause {
    heap.with_events(|log| match log.recent().last() {
        Some(vm_heap::events::Event::Pause(pause)) => pause.clone(),
        other => panic!("{other:?}"),
    })
}

/// Memory held, and bytes moved, after most of an old generation has died here and there.
fn after_thinning(compaction: u8) -> (usize, usize, usize) {
    use vm_heap::{CollectKind, HeapOptions, Trigger, Value};
    use vm_testkit::mock::{MockVm, checked};
    const NODES: usize = 60_000;
    let vm = MockVm::new(gc_generational::create, HeapOptions { log: true, compaction, ..checked(64 << 20) });
    let full = || vm.heap.collect(CollectKind::Full, Trigger::Explicit);
    let table = vm.push(vm.array(NODES));
    for i in 0..NODES {
        let node = vm.numbered(i as i64);
        vm.heap.store_element(vm.object(table), i, node.value());
    }
    full();
    let element = |i: usize| vm.object(table).element(i);
    let (pinned, numbered) = (vm_heap::Object::of(element(160)), vm_heap::Object::of(element(320)));
    vm.heap.pin(pinned);
    let identity = vm.heap.identity(numbered);
    (0..NODES).filter(|i| i % 16 != 0).for_each(|i| vm.heap.store_element(vm.object(table), i, Value::NONE));
    full();
    let before = vm.heap.stats().held_bytes;
    full();
    let moved = last_pause(&vm.heap).compacted;
    for i in (0..NODES).step_by(16) {
        assert_eq!(vm.number(element(i)), i as i64);
    }
    assert_eq!(element(160), pinned.value(), "what is pinned stays");
    assert_eq!(vm.heap.identity(vm_heap::Object::of(element(320))), identity);
    assert_eq!(element(320) != numbered.value(), moved > 0);
    (before, vm.heap.stats().held_bytes, moved)
}

#[test]
fn sparse_blocks_of_the_old_generation_are_emptied() {
    let (before, after, moved) = after_thinning(25);
    assert!(moved > 100_000 && before - after > 1_000_000, "{before} held before, {after} after, {moved} moved");
    let (before, after, moved) = after_thinning(0);
    assert_eq!((before, moved), (after, 0));
}

/// A log file, line by line, has the documented form.
#[test]
fn heap_events_have_the_documented_fields() {
    use vm_heap::{CollectKind, HeapOptions, Trigger};
    use vm_testkit::mock::{MockVm, checked};
    for (name, create) in COLLECTORS.iter().filter(|(name, _)| *name != "none") {
        let vm = MockVm::new(*create, HeapOptions { limit: 4 << 20, ..checked(0) });
        let lines: std::rc::Rc<std::cell::RefCell<Vec<String>>> = Default::default();
        let sink = lines.clone();
        vm.heap.set_event_sink(Box::new(move |event| sink.borrow_mut().push(event.to_json(std::time::Duration::ZERO))));
        vm.push(vm.numbered(1));
        vm.garbage(1 << 20);
        vm.heap.collect(CollectKind::Minor, Trigger::Explicit);
        vm.heap.collect(CollectKind::Full, Trigger::Explicit);
        assert!(vm.heap.alloc_array(vm.shapes.array, 1 << 20).is_err());
        let (mut pauses, mut refused) = (0, 0);
        for line in lines.borrow().iter() {
            let fields = parse_line(line);
            assert_eq!(fields[0], ("v".to_string(), vm_heap::events::FORMAT_VERSION.to_string()));
            let event = fields[1].1.as_str();
            assert_eq!(fields[2].0, "at_ns");
            let keys: Vec<String> = fields[3..].iter().map(|(key, _)| key.clone()).collect();
            match event {
                "pause" => {
                    assert_eq!(keys, documented_fields("pause"), "{name}");
                    pauses += 1;
                }
                "out-of-memory" => {
                    assert_eq!(keys, ["bytes"]);
                    refused += 1;
                }
                other => panic!("an undocumented event: {other}"),
            }
        }
        assert!(pauses >= 2 && refused == 1, "{name}: {pauses} pauses, {refused} refused");
    }
}
