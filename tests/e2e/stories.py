# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with the values of tensors, with real keys and clicks. stories.py PROGRAM PICTURES: of a story that fails, a picture
of the screen is left in the folder PICTURES."""
import json
import os
import shutil
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))

from desktop import App, Desktop, wait_for, xdotool
from tap import case, main, skip_all

try:
    import torch
except ImportError as e:
    skip_all(f"{e.name} is not installed")

PROGRAM, PICTURES = sys.argv[1:3]
FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "torch-2.13")
# Of the inspector, and of a card in it: see style.css.
PAGE = (18, 18)
CARD = (18 + 15, 18 + 12)

torch.manual_seed(2)
desktop = Desktop()


def save(name, tensors):
    path = os.path.join(desktop.folder, name)
    torch.save(tensors, path)
    return path


def save_sparse(name, rows, last):
    """A float32 tensor "x" of one column whose values are 0 but for the last, in a file that takes no room on the disk."""
    path = os.path.join(desktop.folder, name)
    header = json.dumps({"x": {"dtype": "F32", "shape": [rows, 1], "data_offsets": [0, rows * 4]}}).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header)
        f.truncate(8 + len(header) + rows * 4)
        f.seek(-4, os.SEEK_END)
        f.write(struct.pack("<f", last))
    return path


def story(func):
    """A case that leaves a picture if it fails, and no app if it ends."""
    apps = []

    def run():
        try:
            func(lambda *files: apps.append(App(PROGRAM, *files)) or apps[-1])
        except Exception:
            os.makedirs(PICTURES, exist_ok=True)
            desktop.take_picture(os.path.join(PICTURES, func.__name__ + ".png"))
            raise
        finally:
            for app in apps:
                app.close()
    run.__name__ = func.__name__
    return case(run)


def look_at(app, tensor, view):
    """Selects a tensor by its row, and a view of it by its switch."""
    app.click(app.find(role="table row", starts=f"{tensor}, "))
    app.find(role="heading", name=tensor)
    app.click(app.find(role="page tab", name=view), padding=PAGE)
    app.find(role="heading", name=view)


def focus_grid(app):
    grid = app.find(role="table", name="Values")
    app.click(grid, 0.3, 0.15, padding=CARD)
    return grid


@story
def copy_values(start):
    x = torch.randn(40, 30)
    app = start(save("copy.pt", {"weight": x, "other": torch.zeros(3000)}))
    look_at(app, "weight", "Values")
    focus_grid(app)
    app.press("ctrl+Home", "Down", "Down", "Right")
    text = app.wait_for_name("[2, 1] = ")
    assert torch.tensor(float(text.removeprefix("[2, 1] = "))) == x[2, 1], text
    app.press("shift+Right", "shift+Right")
    app.wait_for_name("[2, 3] = ")
    app.press("ctrl+c")
    app.wait_for_name("Copied")
    app.press("ctrl+f")
    entry = app.find_entry()
    app.press("ctrl+v")
    pasted = wait_for(lambda: app.read(entry), "what was copied")
    assert torch.equal(torch.tensor([float(value) for value in pasted.split()]), x[2, 1:4]), pasted


@story
def four_gigabytes(start):
    rows = 1 << 30
    app = start(save_sparse("large.safetensors", rows, 1.5))
    look_at(app, "x", "Values")
    grid = focus_grid(app)
    before = app.count_read_bytes()
    app.press("ctrl+End")
    app.wait_for_name(f"[{rows - 1}, 0] = 1.5")
    app.point(grid, padding=CARD)
    app.turn_wheel(-40)
    app.press("Up", "Page_Up")
    app.press("ctrl+g")
    app.find_entry()
    app.type("536870912, 0")
    app.press("Return")
    app.wait_for_name("[536870912, 0] = 0.0")
    app.press("Down")
    app.wait_for_name("[536870913, 0] = 0.0")
    read = app.count_read_bytes() - before
    assert read < 2_000_000, f"{read} bytes were read"


@story
def zoom_histogram(start):
    app = start(save("histogram.pt", {"weight": torch.randn(4000), "other": torch.zeros(3000)}))
    look_at(app, "weight", "Histogram")
    histogram = app.find(role="image", name="Histogram of weight")
    assert "4,000 values" in histogram.get_description(), histogram.get_description()
    # A drag chooses a part, and says how much of all it is.
    app.point(histogram, 0.4, 0.5, padding=CARD)
    xdotool("mousedown", 1)
    for across in (0.45, 0.5, 0.55, 0.6):
        app.point(histogram, across, 0.5, padding=CARD)
    xdotool("mouseup", 1)
    share = app.wait_for_name("", " % of the values")
    assert 10 < float(share.split()[0]) < 90, share
    app.find(role="button", name="Show All Values")
    # The wheel shows less still, and Escape everything: at first it only leaves the bar.
    app.turn_wheel(-6, "ctrl")
    wait_for(lambda: float(app.wait_for_name("", " % of the values").split()[0]) < float(share.split()[0]), "less")
    app.press("Escape", "Escape")
    wait_for(lambda: app.look_for(contains=" % of the values") is None, "all values")


@story
def follow_finding(start):
    x = torch.randn(300, 20)
    x[7, 3] = float("nan")
    app = start(save("findings.pt", {"fine": torch.randn(500), "broken": x}))
    app.find(role="heading", name="Findings")
    app.click(app.find(role="button", starts="[\"broken\"]"), padding=PAGE)
    app.find(role="heading", name="broken")


@story
def zoom_heatmap(start):
    x = torch.randn(512, 1024)
    x[255:257, 511:513] = torch.tensor([[100., 200.], [300., 400.]])
    app = start(save("zoom.pt", {"weight": x, "other": torch.zeros(3000)}))
    look_at(app, "weight", "Heatmap")
    whole = app.wait_for_name("each cell: mean of ")
    heatmap = app.find(role="image", name="Heatmap of weight")
    assert "Values from" in heatmap.get_description(), heatmap.get_description()
    app.point(heatmap, 0.45, 0.45, padding=CARD)
    app.wait_for_name("[", " · mean ")
    app.turn_wheel(-24, "ctrl")
    assert app.wait_for_name("each cell: one element") != whole
    # The cell under the pointer is an element now, and it is said which.
    text = app.wait_for_name("[", " = ")
    index, value = text.split(" = ")
    row, column = (int(i) for i in index.strip("[]").split(", "))
    assert abs(float(value.replace("−", "-")) - x[row, column].item()) < 1e-5, text
    # A drag moves what is seen along with the pointer, so that another element is where it began.
    xdotool("mousedown", 1)
    xdotool("mousemove_relative", "--sync", 90, 0)
    xdotool("mouseup", 1)
    xdotool("mousemove_relative", "--sync", "--", -90, 0)
    moved = wait_for(lambda: (name := app.wait_for_name("[", " = ")) != text and name, "another element")
    to_row, to_column = (int(i) for i in moved.split(" = ")[0].strip("[]").split(", "))
    assert to_row == row and to_column < column, moved
    app.press("0")
    assert app.wait_for_name("each cell: mean of ") == whole


def copy_fixture(name):
    return shutil.copy(os.path.join(FIXTURES, name), desktop.folder)


@story
def export_in_three_clicks(start):
    path = copy_fixture("cuda0_dataparallel_object.pt")
    app = start(path)
    app.click(app.find(role="button", name="cuda:0 → CPU copy…"))
    app.find(role="button", name="Save Copy", state=app.atspi.StateType.SENSITIVE)
    app.click(app.find(role="label", name="Weights to Share"))
    app.find(contains="state dict")
    app.click(app.find(role="button", name="Save Copy", state=app.atspi.StateType.SENSITIVE))
    name = app.wait_for_name("Saved “").split("“")[1].split("”")[0]
    weights = torch.load(os.path.join(desktop.folder, name), weights_only=True)
    assert "conv1.weight" in weights and all(x.device.type == "cpu" for x in weights.values()), weights.keys()
    with open(path, "rb") as own, open(os.path.join(FIXTURES, "cuda0_dataparallel_object.pt"), "rb") as original:
        assert own.read() == original.read()


def unwrap(app):
    """By the keyboard alone: the key of the dialog, and the mnemonic of its button."""
    app.find(role="table row", starts="module.fc, ")
    app.press("ctrl+u")
    app.find(role="button", name="Unwrap", state=app.atspi.StateType.SENSITIVE)
    app.press("alt+u")
    app.find(role="table row", starts="fc, ")


@story
def undo_and_redo(start):
    x = torch.randn(4, 3)
    app = start(save("wrapped.pt", {"module.fc.weight": x, "module.fc.bias": torch.randn(4)}))
    app.find(role="table row", starts="module.fc, ")
    unwrap(app)
    app.press("ctrl+z")
    app.find(role="table row", starts="module.fc, ")
    app.press("ctrl+shift+z")
    app.find(role="table row", starts="fc, ")


@story
def unwrap_and_save(start):
    x = torch.randn(4, 3)
    app = start(save("unwrapped.pt", {"module.fc.weight": x, "module.fc.bias": torch.randn(4)}))
    unwrap(app)
    target = os.path.join(desktop.folder, "mine.pt")
    app.press("ctrl+s")
    app.focus_dialog("Save As")
    app.press("ctrl+a")
    app.type(target)
    app.press("Return")
    wait_for(lambda: os.path.exists(target), "the file")
    app.find(contains="Saved “mine.pt”")
    assert torch.equal(torch.load(target)["fc.weight"], x)


@story
def close_with_changes(start):
    app = start(save("closed.pt", {"module.fc.weight": torch.randn(4, 3), "module.fc.bias": torch.randn(4)}))
    unwrap(app)
    app.press("ctrl+w")
    app.find(role="button", name="Discard")
    app.press("Escape")
    wait_for(lambda: app.look_for(role="button", name="Discard") is None, "the tab to stay")
    app.find(role="table row", starts="fc, ")
    app.press("ctrl+w")
    app.find(role="button", name="Discard")
    app.press("alt+d")
    app.find(contains="No File Open")


try:
    main()
finally:
    desktop.close()
