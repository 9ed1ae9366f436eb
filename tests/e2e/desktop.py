# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of its own: an X server that nobody sees, a session bus, an accessibility bus, and the app, driven by real keys and clicks."""
import os
import shutil
import subprocess
import tempfile
import time

PATIENCE_S = 20
# Without a window manager the window is at the corner of the screen, with an edge of its own around it.
EDGE = 5


class Desktop:
    """Starts everything that an app needs to be used from outside; close() ends it."""

    def __init__(self, size="1400x900"):
        self.folder = tempfile.mkdtemp(prefix="stateroom-e2e-")
        self.children = []
        for name in ("run", "config", "data", "cache", "state"):
            os.mkdir(os.path.join(self.folder, name), 0o700)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "NO_AT_BRIDGE", "GTK_A11Y", "AT_SPI_BUS_ADDRESS"):
            os.environ.pop(name, None)
        os.environ.update({
            "XDG_RUNTIME_DIR": os.path.join(self.folder, "run"), "XDG_CONFIG_HOME": os.path.join(self.folder, "config"),
            "XDG_DATA_HOME": os.path.join(self.folder, "data"), "XDG_CACHE_HOME": os.path.join(self.folder, "cache"),
            "XDG_STATE_HOME": os.path.join(self.folder, "state"), "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo",
            "GSETTINGS_BACKEND": "memory", "GDK_DEBUG": "no-portals", "LC_ALL": "C.UTF-8",
        })
        self._start_display(size)
        self._start_buses()

    def _spawn(self, *args, **options):
        child = subprocess.Popen(args, stdin=subprocess.DEVNULL, **options)
        self.children.append(child)
        return child

    def _start_display(self, size):
        reading, writing = os.pipe()
        self._spawn("Xvfb", "-displayfd", str(writing), "-screen", "0", size + "x24", "-noreset", "-nolisten", "tcp",
                    pass_fds=(writing,), stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            os.environ["DISPLAY"] = ":" + pipe.readline().strip()

    def _start_buses(self):
        address = "unix:path=" + os.path.join(os.environ["XDG_RUNTIME_DIR"], "bus")
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        bus = self._spawn("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address, "--print-address=1",
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        bus.stdout.readline()
        self._spawn("/usr/libexec/at-spi-bus-launcher", "--launch-immediately", stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)

    def take_picture(self, path):
        subprocess.run(["import", "-window", "root", path], check=False)

    def close(self):
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for(condition, what):
    """What a condition gives, as soon as it is true."""
    end = time.monotonic() + PATIENCE_S
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited too long for {what}")
        time.sleep(0.02)


def xdotool(*args):
    return subprocess.run(["xdotool", *map(str, args)], check=True, capture_output=True, text=True).stdout.strip()


class App:
    """One run of the app, found through the accessibility bus."""

    def __init__(self, program, *files):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
        self.atspi = Atspi
        self.process = subprocess.Popen([program, *files], stdin=subprocess.DEVNULL)
        self.window = wait_for(lambda: self.process.poll() is not None or self._find_window(), "the window")
        assert self.process.poll() is None, "the app ended by itself"
        xdotool("windowfocus", "--sync", self.window)
        self.frame = wait_for(self._find_frame, "the window on the accessibility bus")

    def _find_window(self):
        result = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], capture_output=True,
                                text=True, check=False)
        return result.stdout.split()[-1] if result.stdout.strip() else None

    def _find_frame(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app is not None and app.get_process_id() == self.process.pid and app.get_child_count() > 0:
                return app.get_child_at_index(0)
        return None

    def _walk(self, node):
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                yield from self._walk(child)

    def look_for(self, role=None, name=None, starts=None, contains="", state=None):
        """The first thing on screen of a role, with a name, or one that begins or goes on so; None if there is none."""
        for node in self._walk(self.frame):
            try:
                own = node.get_name() or ""
                if role is not None and node.get_role_name() != role:
                    continue
                if name is not None and own != name or contains not in own or not own.startswith(starts or ""):
                    continue
                states = node.get_state_set()
                if states.contains(self.atspi.StateType.SHOWING) and (state is None or states.contains(state)):
                    return node
            except Exception:  # what was just taken off the screen
                continue
        return None

    def find(self, **what):
        return wait_for(lambda: self.look_for(**what), f"{what}")

    def wait_for_name(self, starts, contains=""):
        """The whole name of something that begins so."""
        return self.find(starts=starts, contains=contains).get_name()

    def find_entry(self):
        return self.find(state=self.atspi.StateType.EDITABLE)

    def read(self, entry):
        """The text in an entry, which the entry or something in it has."""
        for node in self._walk(entry):
            if node.get_text_iface() is None:
                continue
            characters = self.atspi.Text.get_text(node, 0, self.atspi.Text.get_character_count(node))
            if characters:
                return characters
        return ""

    def locate(self, node, padding=(0, 0)):
        """A thing's middle and size, in pixels of the screen. GTK leaves the padding of what is around a thing out of what it tells
        on the accessibility bus; @padding is that of all of it together."""
        extents = node.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        x, y = (EDGE + here + more for here, more in zip((extents.x, extents.y), padding))
        return x + extents.width / 2, y + extents.height / 2, extents.width, extents.height

    def point(self, node, across=0.5, down=0.5, padding=(0, 0)):
        """Moves the pointer onto a thing."""
        x, y, width, height = self.locate(node, padding)
        xdotool("mousemove", "--sync", round(x + (across - 0.5) * width), round(y + (down - 0.5) * height))

    def click(self, node, *where, **options):
        self.point(node, *where, **options)
        xdotool("click", 1)

    def turn_wheel(self, steps, *keys):
        """Away from the person if @steps is negative, while keys are held."""
        for key in keys:
            xdotool("keydown", key)
        xdotool("click", "--repeat", abs(steps), "--delay", 30, 4 if steps < 0 else 5)
        for key in reversed(keys):
            xdotool("keyup", key)

    def focus_dialog(self, title):
        """Lets another window of the app have the keys: there is no window manager that would."""
        window = wait_for(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"], capture_output=True,
                                                 text=True).stdout.split(), title)[-1]
        xdotool("windowfocus", "--sync", window)

    def press(self, *keys):
        xdotool("key", "--delay", 20, *keys)

    def type(self, text):
        xdotool("type", "--delay", 10, text)

    def count_read_bytes(self):
        """What the kernel has given the app by read() and its like, from whatever file."""
        with open(f"/proc/{self.process.pid}/io") as f:
            return int(f.readline().split()[1])

    def close(self):
        self.process.terminate()
        self.process.wait()
