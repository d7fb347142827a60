"""Every action of the desk: where it stands in the menus, its keys, and where they work."""

from dataclasses import dataclass
from enum import StrEnum


class ActionId(StrEnum):
    ADD_FOLDER = "add_folder"
    ADD_FILES = "add_files"
    OPEN_SESSION = "open_session"
    TRY_SAMPLE = "try_sample"
    STOP_SCAN = "stop_scan"
    GO_ON = "go_on"
    EXPORT = "export"
    QUIT = "quit"
    UNDO = "undo"
    REDO = "redo"
    CHOOSE_ALL = "choose_all"
    COPY_PATHS = "copy_paths"
    FIND = "find"
    CLEAR_FILTERS = "clear_filters"
    KEEP = "keep"
    DROP = "drop"
    REVIEW = "review"
    CLEAR_DECISION = "clear_decision"
    CHECK_STABILITY = "check_stability"
    SCORE_AGAIN = "score_again"
    AUTO_ADVANCE = "auto_advance"
    GALLERY = "gallery"
    TABLE = "table"
    LOUPE = "loupe"
    PROVENANCE = "provenance"
    PREVIOUS = "previous"
    NEXT = "next"
    LARGER = "larger"
    SMALLER = "smaller"
    FILTER_PANEL = "filter_panel"
    EVIDENCE_PANEL = "evidence_panel"
    FULL_SCREEN = "full_screen"
    THEME_SYSTEM = "theme_system"
    THEME_LIGHT = "theme_light"
    THEME_DARK = "theme_dark"
    KEY_SHEET = "key_sheet"
    SETTINGS = "settings"


class Menu(StrEnum):
    FILE = "&File"
    EDIT = "&Edit"
    DECIDE = "&Decide"
    VIEW = "&View"
    HELP = "&Help"


class Scope(StrEnum):
    """Where an action's keys work; its menu entry works everywhere."""

    DESK = "everywhere"
    STAGE = "gallery, loupe, clip and provenance"
    GALLERY = "gallery"
    VIEWERS = "loupe, clip and provenance"
    PICTURE = "loupe and clip, while the picture has the keys"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        text: menu text, with its mnemonic.
        keys: shortcuts in Qt's portable notation, the one shown first.
        checked: None for a plain action, else whether it starts checked.
        group: actions of one group exclude each other.
        tip: one sentence for the status bar and screen readers.
        starts_section: a line is drawn above it in the menu.
        short: text on a button, where the menu's is too long.
    """

    id: ActionId
    menu: Menu
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.DESK
    icon: str | None = None
    checked: bool | None = None
    group: str | None = None
    tip: str = ""
    starts_section: bool = False
    short: str = ""


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        ActionId.ADD_FOLDER,
        Menu.FILE,
        "Add &folder…",
        ("Ctrl+O",),
        icon="add_folder",
        tip="Scan a folder and everything below it, after what is being scanned now.",
    ),
    ActionSpec(
        ActionId.ADD_FILES,
        Menu.FILE,
        "Add fi&les…",
        ("Ctrl+Shift+O",),
        icon="add_files",
        tip="Scan single files.",
    ),
    ActionSpec(
        ActionId.OPEN_SESSION,
        Menu.FILE,
        "Open &session…",
        ("Ctrl+Alt+O",),
        icon="open_session",
        tip="Open an earlier session and go on with it.",
    ),
    ActionSpec(
        ActionId.TRY_SAMPLE,
        Menu.FILE,
        "Try the sa&mple",
        icon="sample",
        tip="Scan a small folder of made-up media that shows every finding.",
    ),
    ActionSpec(
        ActionId.STOP_SCAN,
        Menu.FILE,
        "S&top the scan",
        ("Ctrl+.",),
        icon="stop",
        tip="Stop; what was judged so far stays, and the scan can go on later.",
        short="Stop",
        starts_section=True,
    ),
    ActionSpec(
        ActionId.GO_ON,
        Menu.FILE,
        "&Go on with the scan",
        ("Ctrl+R",),
        icon="go_on",
        tip="Go on with a scan that was stopped; nothing is scored twice.",
        short="Go on",
    ),
    ActionSpec(
        ActionId.EXPORT,
        Menu.FILE,
        "&Export lists…",
        ("Ctrl+E",),
        icon="export",
        tip="Write keep, drop and review lists.",
        starts_section=True,
    ),
    ActionSpec(ActionId.QUIT, Menu.FILE, "&Quit", ("Ctrl+Q",), starts_section=True),
    ActionSpec(ActionId.UNDO, Menu.EDIT, "&Undo", ("Ctrl+Z",), icon="undo"),
    ActionSpec(ActionId.REDO, Menu.EDIT, "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), icon="redo"),
    ActionSpec(
        ActionId.CHOOSE_ALL,
        Menu.EDIT,
        "Select &all",
        ("Ctrl+A",),
        Scope.GALLERY,
        icon="choose_all",
        tip="Select every file that is shown.",
        starts_section=True,
    ),
    ActionSpec(
        ActionId.COPY_PATHS,
        Menu.EDIT,
        "&Copy paths",
        ("Ctrl+C",),
        Scope.GALLERY,
        tip="Copy the paths of the selected files, one a line.",
    ),
    ActionSpec(
        ActionId.FIND,
        Menu.EDIT,
        "&Find",
        ("Ctrl+F",),
        icon="search",
        tip="Search by name, likelihood, signer, finding and more.",
        starts_section=True,
    ),
    ActionSpec(
        ActionId.CLEAR_FILTERS,
        Menu.EDIT,
        "&Show all files",
        ("Ctrl+Shift+F",),
        tip="Clear the search and every filter.",
    ),
    ActionSpec(
        ActionId.KEEP,
        Menu.DECIDE,
        "&Keep",
        ("P",),
        Scope.STAGE,
        icon="keep",
        tip="Keep the selected files; your decision beats every rule.",
    ),
    ActionSpec(
        ActionId.DROP,
        Menu.DECIDE,
        "&Drop",
        ("X",),
        Scope.STAGE,
        icon="drop",
        tip="Drop the selected files from the set; no file is touched.",
    ),
    ActionSpec(
        ActionId.REVIEW,
        Menu.DECIDE,
        "&Review; again: take back",
        ("U",),
        Scope.STAGE,
        icon="review",
        short="Review",
        tip="Mark the selected files for review; on files so marked, take the decision back.",
    ),
    ActionSpec(
        ActionId.CLEAR_DECISION,
        Menu.DECIDE,
        "&Take decision back",
        ("Shift+U",),
        Scope.STAGE,
        icon="clear",
        tip="Take your own decision back; the rule's holds again.",
    ),
    ActionSpec(
        ActionId.CHECK_STABILITY,
        Menu.DECIDE,
        "Check &stability",
        ("Shift+S",),
        Scope.STAGE,
        tip="Score the selected files again as JPEG 90 and at 0.75 scale; what flips is reviewed.",
        starts_section=True,
    ),
    ActionSpec(
        ActionId.SCORE_AGAIN,
        Menu.DECIDE,
        "Score a&gain…",
        ("Shift+R",),
        Scope.STAGE,
        tip="Score the selected files again with a detector that you choose.",
    ),
    ActionSpec(
        ActionId.AUTO_ADVANCE,
        Menu.DECIDE,
        "&Go on to the next file",
        checked=True,
        tip="After a decision, go on to the next file.",
        starts_section=True,
    ),
    ActionSpec(
        ActionId.GALLERY, Menu.VIEW, "&Gallery", ("G", "Escape"), Scope.VIEWERS, icon="gallery"
    ),
    ActionSpec(
        ActionId.TABLE,
        Menu.VIEW,
        "As a ta&ble",
        ("L",),
        Scope.GALLERY,
        checked=False,
        tip="Show the files in columns: signer, generator, what they say, training, broken.",
    ),
    ActionSpec(
        ActionId.LOUPE,
        Menu.VIEW,
        "&Loupe or clip",
        ("Return", "E", "Enter"),
        Scope.GALLERY,
        icon="loupe",
        short="Loupe",
        tip="Look at one file closely.",
    ),
    ActionSpec(
        ActionId.PROVENANCE,
        Menu.VIEW,
        "&Provenance",
        ("T",),
        Scope.STAGE,
        icon="provenance",
        tip="Show the tree of credentials of one file.",
    ),
    ActionSpec(ActionId.PREVIOUS, Menu.VIEW, "Pre&vious file", ("Left", "PgUp"), Scope.PICTURE),
    ActionSpec(ActionId.NEXT, Menu.VIEW, "&Next file", ("Right", "PgDown"), Scope.PICTURE),
    ActionSpec(
        ActionId.LARGER,
        Menu.VIEW,
        "La&rger pictures",
        ("Ctrl++", "Ctrl+="),
        starts_section=True,
    ),
    ActionSpec(ActionId.SMALLER, Menu.VIEW, "S&maller pictures", ("Ctrl+-",)),
    ActionSpec(
        ActionId.FILTER_PANEL,
        Menu.VIEW,
        "&Filters",
        ("F9",),
        icon="filters",
        checked=True,
        starts_section=True,
    ),
    ActionSpec(
        ActionId.EVIDENCE_PANEL, Menu.VIEW, "E&vidence", ("F10",), icon="evidence", checked=True
    ),
    ActionSpec(ActionId.FULL_SCREEN, Menu.VIEW, "F&ull screen", ("F11",), checked=False),
    ActionSpec(
        ActionId.THEME_SYSTEM,
        Menu.VIEW,
        "Look of the s&ystem",
        checked=False,
        group="theme",
        starts_section=True,
    ),
    ActionSpec(ActionId.THEME_LIGHT, Menu.VIEW, "L&ight", checked=False, group="theme"),
    ActionSpec(ActionId.THEME_DARK, Menu.VIEW, "Dar&k", checked=False, group="theme"),
    ActionSpec(ActionId.KEY_SHEET, Menu.HELP, "&Keys", ("?", "F1"), icon="help"),
    ActionSpec(ActionId.SETTINGS, Menu.HELP, "&Settings and about…", ("Ctrl+,",), icon="info"),
)
