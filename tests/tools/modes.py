# SPDX-License-Identifier: MIT
"""Every verb in every mode, to a terminal and to a pipe, with strangers' text in every field that
takes some.  Speaks TAP.  usage: modes.py FOLDER COLUMNS [--planted]

Methods, their fields and which of them are lists come from the daemon (rpc.describe); only one call
of each is written here, in EXAMPLES.  A method without one fails the test.  A call is made ten times
with one idempotency key: the change is made once, all others are its replay.
With --planted the store was filled and then damaged by the caller: what reads is called again."""
import json
import os
import re
import select
import struct
import subprocess
import sys
import termios
import fcntl
import unicodedata
from concurrent.futures import ThreadPoolExecutor

MODES = ("table", "tsv", "json", "jsonl", "csv")
FORMULA = "=+-@\t\r"
MARK = "1+1"
# A formula, quotes, a mark that turns text around, a letter in two parts, a family of emoji, and
# wider than a screen; as it is typed, and as it is kept.
HOSTILE = '=1+1,"q"\u202ee\u0301\U0001F468\u200D\U0001F469\u200D\U0001F467' + "中" * 38
KEPT = unicodedata.normalize("NFC", HOSTILE)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
SGR = re.compile("\x1b\\[[0-9;]*m")

# method: its arguments, with what "remember" kept in braces.  In this order.
EXAMPLES = [
    ("system.clock_set", ["2031-05-01"]),
    ("venue.create", ["hall", "--zone", "Europe/Berlin"]),
    ("venue.set", ["hall"]),
    ("venue.create", ["gone", "--name", "Gone", "--zone", "UTC"]),
    ("venue.delete", ["gone", "--yes"]),
    ("venue.show", ["hall"]),
    ("venue.list", []),
    ("event.create", ["fair", "--start", "2031-06-13 20:00", "--currency", "EUR", "--venue", "hall",
                      "--doc", json.dumps({MARK: KEPT}), "--tags", KEPT.replace(",", " ")]),
    ("event.set", ["fair", "--doors", "2031-06-13 19:00"]),
    ("category.create", ["fair/ga", "--price", "45.00", "--size", "500"]),
    ("category.create", ["fair/vip", "--price", "90.00", "--size", "50"]),
    ("category.create", ["fair/gone", "--price", "90.00", "--size", "50"]),
    ("category.delete", ["fair/gone", "--yes"]),
    ("category.set", ["fair/ga"]),
    ("category.move", ["fair/ga", "--position", "5"]),
    ("category.hide", ["fair/vip"]),
    ("category.unhide", ["fair/vip"]),
    ("category.show", ["fair/ga"]),
    ("category.list", ["fair"]),
    ("category.doctor", ["fair/ga"]),
    ("quota.create", ["fair/extra", "--size", "10"]),
    ("quota.set", ["fair/extra", "--size", "100"]),
    ("quota.link", ["fair/extra", "--categories", "ga"]),
    ("quota.unlink", ["fair/extra", "--categories", "ga"]),
    ("quota.move", ["fair/vip", "--categories", "vip", "--to", "extra"]),
    ("quota.delete", ["fair/vip", "--yes"]),
    ("quota.block", ["fair/ga", "10"]),
    ("quota.unblock", ["fair/ga", "2"]),
    ("quota.show", ["fair/ga"]),
    ("quota.list", ["fair"]),
    ("event.publish", ["fair"]),
    ("event.unpublish", ["fair"]),
    ("event.publish", ["fair"]),
    ("event.clone", ["fair", "copy"]),
    ("event.show", ["fair"]),
    ("event.list", []),
    ("event.doctor", ["fair"]),
    ("event.clone", ["fair", "gone"]),
    ("event.delete", ["gone", "--yes"]),
    ("event.import", ["--events", json.dumps([{"event": "more", "name": HOSTILE, "currency": "EUR",
                      "start": "2031-07-01T20:00:00Z", "venue": {"slug": "hall", "name": HOSTILE, "zone": "UTC"}}])]),
    ("event.export", []),
    ("hold.create", ["fair", "--line", "ga:2"], "hold"),
    ("hold.extend", ["{hold}"]),
    ("hold.show", ["{hold}"]),
    ("hold.list", ["fair"]),
    ("hold.release", ["{hold}"]),
    ("order.create", ["fair", "--line", "ga:4,vip:1", "--pay", "cash", "--email", "a@example.org",
                      "--phone", "+49 30 123"], "order"),
    ("order.note", ["{order}", HOSTILE]),
    ("ticket.set", ["{order}/1"]),
    ("ticket.reissue", ["{order}/1", "--yes"]),
    ("ticket.transfer", ["{order}/1", "--yes", "--email", "b@example.org"]),
    ("ticket.void", ["{order}/2", "--yes"]),
    ("ticket.show", ["{order}/1"]),
    ("ticket.list", ["fair"]),
    ("refund.create", ["{order}", "--amount", "5", "--yes"]),
    ("refund.withdraw", ["{order}/r1", "--yes"]),
    ("refund.create", ["{order}", "--amount", "10", "--yes"]),
    ("refund.confirm", ["{order}/r2", "--yes"]),
    ("refund.show", ["{order}/r2"]),
    ("refund.list", ["fair"]),
    ("order.create", ["fair", "--line", "ga:2", "--pay", "bank", "--email", "c@example.org"], "bank"),
    ("order.extend", ["{bank}"]),
    ("payment.record", ["{bank}", "--amount", "30", "--kind", "bank", "--yes"]),
    ("payment.show", ["{bank}/p1"]),
    ("payment.list", ["fair"]),
    ("order.change", ["{order}", "--add", "ga:1", "--yes"]),
    ("order.show", ["{order}"]),
    ("order.list", ["fair"]),
    ("order.history", ["{order}"]),
    ("ticket.history", ["{order}/1"]),
    ("order.explain", ["{order}"]),
    ("order.doctor", ["{order}"]),
    ("order.cancel", ["{bank}", "--yes"]),
    ("order.import", ["--orders", json.dumps([{"event": "fair", "code": "7K2M-9QXD", "line":
                      [{"category": "ga", "count": 1, "price": "45.00"}], "pay": "cash", "state": "paid",
                      "buyer": {"name": HOSTILE}, "created": "2031-01-01T00:00:00Z", "total": "45.00",
                      "credited": "0.00", "balance": "0.00", "tickets": [{"n": 1, "state": "valid", "category": "ga", "price": "45.00"}],
                      "payments": [{"n": 1, "state": "captured", "kind": "cash", "amount": "45.00", "at": "2031-01-01T00:00:00Z"}]}])]),
    ("export.begin", ["orders"], "export"),
    ("order.export", ["--export", "{export}"]),
    ("export.begin", ["attendees"], "list"),
    ("attendee.export", ["--export", "{list}"]),
    ("export.run", ["events", "--file", "{folder}/export", "--rate", "1", "--detach"], "slow"),
    ("job.pause", ["{slow}"]),
    ("job.resume", ["{slow}"]),
    ("import.begin", ["events"], "import"),
    ("import.add", ["{import}", "--lines", json.dumps([{"line": 1, "row": {"event": HOSTILE}}])]),
    ("job.resume", ["{import}"]),
    ("job.show", ["{import}", "--wait"]),
    ("job.list", []),
    ("job.report", ["{import}"]),
    ("job.retry", ["{import}", "--detach"]),
    ("import.begin", ["events"], "idle"),
    ("job.stop", ["{idle}", "--yes"]),
    ("report.pace", ["fair"]),
    ("report.sales", ["fair"]),
    ("report.close", ["2031-05-01"]),
    ("person.export", ["a@example.org"]),
    ("person.erase", ["c@example.org", "--yes", "--confirm", "1", "--reason", "asked"]),
    ("bookmark.set", ["mine", "3"]),
    ("bookmark.show", ["mine"]),
    ("bookmark.list", []),
    ("journal.list", []),
    ("journal.follow", []),
    ("journal.unfollow", ["1"]),
    ("audit.run", []),
    ("db.status", []),
    ("db.backup", ["{folder}/backup.{n}"]),
    ("system.hello", []),
    ("system.status", []),
    ("system.doctor", []),
    ("system.show", ["{order}"]),
    ("rpc.describe", ["event.list"]),
    ("event.complete", []),
    ("order.complete", []),
    ("organizer.create", ["acme", "--name", HOSTILE]),
    ("organizer.set", ["acme", "--name", HOSTILE]),
    ("organizer.show", ["acme"]),
    ("organizer.list", []),
    ("system.clock_set", ["2031-06-15"]),
    ("event.end", ["fair"]),
    ("event.cancel", ["more", "--yes", "--detach"]),
]
REFUSED = {"journal.follow": (2,), "journal.unfollow": (4,)}  # streams of one connection: tix watch
ANSWER = {"audit.run", "job.show"}  # may end with 1, as doctors do
MOVES = {"system.status", "system.hello", "db.status", "db.backup", "system.doctor", "job.show", "job.list", "job.resume", "job.pause",
         "job.report", "journal.list", "bookmark.list", "bookmark.show"}  # not the same twice

# Commands without a noun: arguments, and what comes: rows (a list), one (a record), json, text.
COMMANDS = [
    ("show", ["{order}"], "one"),
    ("show", ["fair"], "one"),
    ("status", [], "one"),
    ("audit", [], "rows"),
    ("doctor", [], "rows"),
    ("doctor", ["fair/ga"], "rows"),
    ("config", ["show", "--origin"], "rows"),
    ("config", ["check", "{folder}/config"], "rows"),
    ("db", ["status"], "one"),
    ("version", [], "one"),
    ("api", ["order.show", '{{"code":"{order}"}}'], "json"),
    ("watch", ["--since", "0", "--count", "8"], "stream"),
    ("export", ["orders"], "stream"),
    ("export", ["events"], "stream"),
    ("export", ["attendees", "fair"], "stream"),
    ("import", ["events", "{folder}/events"], "one"),
    ("completion", ["bash"], "text"),
    ("help", [], "text"),
    ("help", ["order", "create"], "text"),
    ("help", ["flags"], "text"),
]
# What there is besides, with the test that has it.
ELSEWHERE = {"bench": "tests/bench", "shell": "tests/cli/shell.bats"}

count = 0
failures = []
remembered = {}


def result(what):
    """One line of TAP for what was found since the last one."""
    global count
    count += 1
    print(("not ok" if failures else "ok"), count, "-", what)
    for line in failures[:6]:
        print("#", line.replace("\n", "\n# "))
    failures.clear()
    sys.stdout.flush()


def wrong(what, why, text=""):
    failures.append(f"{what}: {why}" + (f"\n  {text[:600]!r}" if text else ""))


def read_all(proc, fds):
    """What comes from some descriptors until all are closed."""
    data = {fd: b"" for fd in fds}
    open_fds = set(fds)
    while open_fds:
        ready, _, _ = select.select(list(open_fds), [], [], 60)
        if not ready:
            proc.kill()
            raise TimeoutError("no end of output")
        for fd in ready:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                piece = b""
            if not piece:
                open_fds.discard(fd)
                os.close(fd)
            data[fd] += piece
    return [data[fd] for fd in fds]


def terminal():
    master, slave = os.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return master, slave


def run(argv, tty):
    """Exit status, stdout, stderr of tix; both a terminal or both a pipe."""
    ends = [terminal() if tty else os.pipe() for _ in range(2)]
    env = dict(os.environ, TERM="xterm", TIX_PAGER="cat")
    with subprocess.Popen(["tix"] + argv, stdin=subprocess.DEVNULL, stdout=ends[0][1],
                          stderr=ends[1][1], env=env) as proc:
        for _, end in ends:
            os.close(end)
        out, err = read_all(proc, [end for end, _ in ends])
    return proc.returncode, out.decode(), err.decode()


def cells(line):
    """Columns that a terminal needs."""
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me")
               else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def read_csv(text):
    """RFC 4180 to the letter: every line ends in CR LF, every record has as many fields as the first."""
    rows, row, i = [], [], 0
    field = re.compile('"((?:[^"]|"")*)"|([^",\r\n]*)')
    while i < len(text):
        m = field.match(text, i)
        row.append(m[1].replace('""', '"') if m[1] is not None else m[2])
        i = m.end()
        if text.startswith(",", i):
            i += 1
            continue
        if not text.startswith("\r\n", i):
            raise ValueError(f"at {i}: neither comma nor CR LF: {text[max(0, i - 20):i + 20]!r}")
        rows.append(row)
        row = []
        i += 2
    if row:
        raise ValueError("the last line has no end")
    if any(len(r) != len(rows[0]) for r in rows):
        raise ValueError(f"lines of {sorted({len(r) for r in rows})} fields")
    return rows


def read_tsv(text):
    if text and not text.endswith("\n"):
        raise ValueError("the last line has no end")
    return [line.split("\t") for line in text.split("\n")[:-1]]


def plain(cell):
    """A TSV cell without its escapes."""
    return re.sub(r"\\([tn\\])|\\x(..)|\\u(....)",
                  lambda m: {"t": "\t", "n": "\n", "\\": "\\"}[m[1]] if m[1] else chr(int(m[2] or m[3], 16)), cell)


def read_json(text):
    def constant(word):
        raise ValueError(f"{word} is no JSON")

    def pairs(members):
        if len(dict(members)) != len(members):
            raise ValueError("a member twice")
        return dict(members)

    return json.loads(text, parse_constant=constant, object_pairs_hook=pairs)


def texts(v):
    if isinstance(v, str):
        yield v
    elif isinstance(v, (list, dict)):
        for x in (v.values() if isinstance(v, dict) else v):
            yield from texts(x)


class Seen:
    """What the modes of one call said, to be compared."""

    def __init__(self):
        self.items = self.tsv = self.csv = self.header = None


def check_json(what, seen, out, lists, lines):
    if lines:
        items = [read_json(line) for line in out.split("\n")[:-1]]
        if out and not out.endswith("\n"):
            wrong(what, "the last line has no end")
    else:
        if out.count("\n") != 1 or not out.endswith("\n"):
            wrong(what, "not one line", out)
        doc = read_json(out)
        if lists == "json":
            return
        if doc.get("v") != 1:
            wrong(what, 'no "v":1', out)
        if lists and not ("items" in doc and (lists != "page" or "next" in doc)):
            wrong(what, "no items and next", out)
        items = doc["items"] if lists else [{k: v for k, v in doc.items() if k != "v"}]
    for item in items:
        for s in texts(item):
            if MARK in s and KEPT not in s and KEPT.replace(",", " ") not in s and not planted:
                wrong(what, "text is not as it is kept", s)
    if seen.items is None:
        seen.items = items


def check_csv(what, seen, out):
    rows = read_csv(out)
    if not rows:
        wrong(what, "no header")
        return
    seen.header, seen.csv = rows[0], rows[1:]
    for row in rows:
        for cell in row:
            if cell and cell[0] in FORMULA and not re.fullmatch(r"-?[0-9.]+", cell):
                wrong(what, "a formula", cell)


def check(what, seen, mode, tty, out, err, lists):
    """One output by itself."""
    bare = SGR.sub("", out) if tty and mode == "table" else out
    bad = CONTROL.search(bare.replace("\r\n", "\n") if mode == "csv" else
                         re.sub("\t", "", bare) if mode == "tsv" else bare) if tty else \
        re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", bare)
    if bad:
        wrong(what, f"control character {bad[0]!r}", bare[max(0, bad.start() - 80):bad.end() + 80])
    said = SGR.sub("", err)
    if CONTROL.search(re.sub("\r *\r|\r", "", said)):
        wrong(what, "control character on stderr", err)
    if not tty and "…" in out:
        wrong(what, "cut, though nobody looks", out)
    if not tty and re.search("^next:", err, re.M):
        wrong(what, "talk though nobody listens", err)
    if mode == "table" and tty:
        for line in bare.split("\n"):
            if cells(line) > 80:
                wrong(what, f"{cells(line)} cells", line)
    elif mode in ("json", "jsonl"):
        check_json(what, seen, out, lists, mode == "jsonl")
    elif mode == "csv" and not tty:
        check_csv(what, seen, out)
    elif mode == "tsv" and not tty:
        seen.tsv = read_tsv(out)


def compare(what, seen):
    """TSV, CSV and JSON say the same."""
    n = len(seen.items)
    if len(seen.tsv) != n or len(seen.csv) != n:
        wrong(what, f"rows: JSON {n}, TSV {len(seen.tsv)}, CSV {len(seen.csv)}")
        return
    for item, tsv, sheet in zip(seen.items, seen.tsv, seen.csv):
        if len(tsv) != len(seen.header):
            wrong(what, f"{len(tsv)} columns of TSV, {len(seen.header)} of CSV", "\t".join(tsv))
            continue
        for name, cell, other in zip(seen.header, tsv, sheet):
            value = item.get(name)
            if isinstance(value, str) and plain(cell) != value:
                wrong(what, f"{name} in TSV", plain(cell) + " is not " + value)
            if isinstance(value, int) and not isinstance(value, bool) and cell != str(value):
                wrong(what, f"{name} in TSV", f"{cell} is not {value}")
            if planted: # CSV has no escapes, but for control characters
                other, cell = plain(other), plain(cell)
            if cell[:1] not in ("{", "[") and other.lstrip("'") != plain(cell).lstrip("'"):
                wrong(what, f"{name} in CSV", other + " is not " + plain(cell))


def places(args, n):
    n += 100 * planted
    return [a.format(folder=folder, n=n, **remembered) if re.search(r"{(\w+|{)", a) and not a.startswith(("[", '{"'))
            else a for a in args]


def all_modes(pool, what, argv, lists, statuses, modes=MODES):
    """Calls in every mode to a pipe and a terminal; what they said."""
    seen = Seen()
    calls = [(mode, tty) for mode in modes for tty in (False, True)]

    def one(n):
        mode, tty = calls[n]
        return run(places(argv, n) + ["-o", mode], tty)

    results = [one(0)] + list(pool.map(one, range(1, len(calls))))
    for (mode, tty), (status, out, err) in zip(calls, results):
        name = f"{what} -o {mode} to a {'terminal' if tty else 'pipe'}"
        if status not in statuses:
            wrong(name, f"exit status {status}", err)
            continue
        try:
            if statuses[0] > 1:
                if out:
                    wrong(name, "refused, but it printed", out)
            else:
                check(name, seen, mode, tty, out, err, lists)
        except (ValueError, KeyError, TypeError) as e:
            wrong(name, repr(e), out)
    return seen


def hostile_flags(m, args):
    """A flag with strangers' text for each field that takes it and has no value yet."""
    flags = []
    for f in m["in"]:
        flag = "--" + f["name"].replace("_", "-")
        if f["type"] in ("text", "mtext") and f.get("max", 0) >= 60 and flag not in args and \
                not f.get("positional") and f["name"] not in ("confirm", "job", "file", "note", "tz", "code", "refund", "who"):
            flags += [flag, HOSTILE]
    return flags


def call(pool, m, args, key, columns):
    what, lists = m["name"], "page" if "PAGE" in m["flags"] else ""
    argv = m["name"].split(".") + args
    if "MUTATES" in m["flags"]:
        if not planted:
            argv += hostile_flags(m, args)
        argv += ["--key", key]
    if what in REFUSED:
        all_modes(pool, what, argv, lists, REFUSED[what])
        return None
    statuses = (0, 1) if what in ANSWER or what.endswith("doctor") else (0,)
    if what == "audit.run" or what.endswith("doctor"):
        lists = ""
    seen = all_modes(pool, what, argv, lists, statuses)
    if seen.header is None or seen.tsv is None or seen.items is None:
        return seen
    if what == "audit.run" or what.endswith("doctor"):
        return seen
    if columns is not None and what not in columns:
        columns[what] = ",".join(seen.header)
    if what not in MOVES:
        compare(what, seen)
    return seen


def do_methods(pool, methods, columns):
    for n, (name, args, *keep) in enumerate(EXAMPLES):
        m = methods.get(name)
        if not m:
            wrong(name, "there is no such method")
        elif planted and "MUTATES" in m["flags"]:
            continue
        else:
            seen = call(pool, m, args, f"modes-{n}", columns)
            if keep and seen and seen.items:
                item = seen.items[0]
                remembered[keep[0]] = str(item.get("code") or item.get("job") or item.get("record"))
        result(f"{name} in all modes{planted * ', with damaged text'}")


def do_commands(pool, names):
    done = {name for name, _, _ in COMMANDS} | set(ELSEWHERE)
    for name in names:
        if name not in done:
            wrong(name, "no example call of this command: add it to COMMANDS")
    result("every command has an example call")
    for name, args, kind in COMMANDS:
        if planted and name == "import":
            continue
        what, argv = " ".join([name] + args[:1]), [name] + args
        modes = MODES
        if name == "export":
            modes = ("jsonl", "csv")
        if kind == "text":
            for tty in (False, True):
                status, out, err = run(places(argv, 0), tty)
                if status != 0 or (tty and name == "help" and any(cells(s) > 80 for s in SGR.sub("", out).split("\n"))):
                    wrong(what, "exit status or width", out + err)
        elif kind == "json":
            all_modes(pool, what, argv, "json", (0,), ("json",))
        elif kind == "stream":
            seen = all_modes(pool, what, argv, "", (0,), tuple(m for m in modes if m != "json"))
            if seen.header is None or not seen.csv:
                wrong(what, "no rows")
        else:
            seen = all_modes(pool, what, argv, "items" if kind == "rows" and name == "config" else "", (0, 1), modes)
            if seen.tsv is not None and seen.header and any(len(r) != len(seen.header) for r in seen.tsv):
                wrong(what, "TSV and CSV have different columns", repr(seen.tsv) + repr(seen.header))
        result(f"tix {what} in all modes{planted * ', with damaged text'}")


def do_columns(path, columns):
    """The golden list of TSV columns; new ones may only be at the right of a line."""
    with open(path, encoding="ascii") as f:
        golden = dict(line.rstrip("\n").split(": ", 1) for line in f if not line.startswith("#"))
    for name in sorted(columns.keys() | golden.keys()):
        if columns.get(name) != golden.get(name):
            wrong(name, f"columns are {columns.get(name)}, {os.path.basename(path)} says {golden.get(name)}")
    result("the columns of TSV are those of the golden list")


def main():
    methods = read_json(run(["api", "rpc.describe"], False)[1])["methods"]
    methods = {m["name"]: m for m in methods}
    page = run(["help"], False)[1]
    names = page.split("\ncommands")[1].split("\n\n")[0].split()
    columns = {}
    for name in methods:
        if name not in {example[0] for example in EXAMPLES}:
            wrong(name, "no example call of this method: add it to EXAMPLES")
    memory = os.path.join(folder, "remembered")
    if planted:
        with open(memory, encoding="utf-8") as f:
            remembered.update(json.load(f))
    global count
    count = remembered.pop("count", count)
    result("every method has an example call")
    with ThreadPoolExecutor(4) as pool:
        do_methods(pool, methods, columns)
        do_commands(pool, names)
    if not planted:
        do_columns(golden_path, columns)
        with open(memory, "w", encoding="utf-8") as f:
            json.dump(dict(remembered, count=count), f)
    if os.environ.get("COLUMNS_OUT") and not planted:
        with open(os.environ["COLUMNS_OUT"], "w", encoding="ascii") as f:
            f.writelines(f"{k}: {v}\n" for k, v in sorted(columns.items()))
    if planted:
        print(f"1..{count}")


folder, golden_path = sys.argv[1:3]
planted = "--planted" in sys.argv
main()
