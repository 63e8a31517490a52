"""Comprehensions: the widgets, and how each owner's tray sorts them."""

LOOPS = {"small": 1, "normal": 8000}


def check(benchmark, size):
    widgets = benchmark.make_some_widgets()
    benchmark.bench_comprehensions(LOOPS[size])
    trays = [[widget.widget_id for widget in benchmark.WidgetTray(owner, widgets).sorted_widgets]
             for owner in range(4)]
    made = [(widget.widget_id, widget.creator_id, widget.derived_widget_ids, widget.kind.name, widget.has_knob,
             widget.has_spinner) for widget in widgets]
    return [("widgets", made), ("repr", repr(widgets[1])), ("sorted_widgets", trays)]
