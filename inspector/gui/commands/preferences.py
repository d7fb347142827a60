"""Settings of the desk: shown at once, saved at once."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from inspector.domain.errors import UsageError
from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.controller import DeskController
from inspector.gui.dialogs.settings import SettingsDialog
from inspector.gui.look import Look
from inspector.gui.views.gallery import GalleryView
from inspector.settings import DeskSettings, NetworkSettings, Theme

SIZE_STEP_PX = 32
SMALLEST_PX, LARGEST_PX = 64, 256


class PreferenceCommands(QObject):
    """Look, picture size, moving on, and the settings dialog."""

    def __init__(
        self,
        controller: DeskController,
        actions: ActionSet,
        gallery: GalleryView,
        look: Look,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._actions = actions
        self._gallery = gallery
        self._look = look
        self._window = window
        self._show_settings(self._desk())
        actions.connect_all(
            {
                ActionId.AUTO_ADVANCE: self._set_auto_advance,
                ActionId.LARGER: self._larger,
                ActionId.SMALLER: self._smaller,
                ActionId.THEME_SYSTEM: self._look_system,
                ActionId.THEME_LIGHT: self._look_light,
                ActionId.THEME_DARK: self._look_dark,
                ActionId.SETTINGS: self._show_settings_dialog,
            }
        )

    def _desk(self) -> DeskSettings:
        return self._controller.services.settings.desk

    @Slot(DeskSettings)
    def change_desk(self, desk: DeskSettings) -> None:
        """Take new settings of the desk, show them at once and save them."""
        before = self._desk()
        self._change({"desk": desk})
        if desk.theme != before.theme:
            self._look.apply(desk.theme)
        if desk.thumbnail_px != before.thumbnail_px:
            self._gallery.set_picture_size(desk.thumbnail_px)
        self._show_settings(desk)

    @Slot(NetworkSettings)
    def change_network(self, network: NetworkSettings) -> None:
        """Take new hosts that credentials may be fetched from, and save them."""
        self._change({"network": network})

    def _change(self, update: dict[str, DeskSettings | NetworkSettings]) -> None:
        services = self._controller.services
        try:
            services.change_settings(services.settings.model_copy(update=update))
        except UsageError as error:
            self._controller.told.emit(str(error))

    def _show_settings(self, desk: DeskSettings) -> None:
        self._actions[ActionId.AUTO_ADVANCE].setChecked(desk.auto_advance)
        self._actions[ActionId(f"theme_{desk.theme.value}")].setChecked(True)

    @Slot(bool)
    def _set_auto_advance(self, is_on: bool) -> None:
        self.change_desk(self._desk().model_copy(update={"auto_advance": is_on}))

    @Slot()
    def _larger(self) -> None:
        self._resize_pictures(SIZE_STEP_PX)

    @Slot()
    def _smaller(self) -> None:
        self._resize_pictures(-SIZE_STEP_PX)

    def _resize_pictures(self, step_px: int) -> None:
        side = min(max(self._desk().thumbnail_px + step_px, SMALLEST_PX), LARGEST_PX)
        self.change_desk(self._desk().model_copy(update={"thumbnail_px": side}))

    def _set_theme(self, theme: Theme) -> None:
        self.change_desk(self._desk().model_copy(update={"theme": theme}))

    @Slot()
    def _look_system(self) -> None:
        self._set_theme(Theme.SYSTEM)

    @Slot()
    def _look_light(self) -> None:
        self._set_theme(Theme.LIGHT)

    @Slot()
    def _look_dark(self) -> None:
        self._set_theme(Theme.DARK)

    def show_theme(self, theme: Theme) -> None:
        """Put a theme in force without saving it."""
        self._look.apply(theme)

    def dialog(self) -> SettingsDialog:
        """Return a new settings dialog."""
        dialog = SettingsDialog(self._controller.services, self._controller.jobs, self._window)
        dialog.changed.connect(self.change_desk)
        dialog.network_changed.connect(self.change_network)
        return dialog

    @Slot()
    def _show_settings_dialog(self) -> None:
        self.dialog().open()
