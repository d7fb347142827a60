"""What scores the files of a desk's session: its own detector, and others that were asked for."""

from threading import Lock

from inspector.adapters.policies import load_policy
from inspector.bootstrap.detectors import card_in_waiting, known_calibrations, open_detector
from inspector.domain.detector import DetectorSpec
from inspector.domain.errors import UsageError
from inspector.domain.item import ModelId
from inspector.domain.media import MediaKind
from inspector.domain.policy import Policy, Thresholds
from inspector.ports import Detector
from inspector.settings import Places, ScanSettings


class SessionDetectors:
    """Owns the detectors, each loaded once, whoever asks for it; any thread may call it.

    A session's own detector is the one it was begun with, else the one of the settings.

    Attributes:
        calibrations: of every detector there is, by the sha256 of its card.
        loaded: the session's own detector once something needed it.
    """

    def __init__(self, places: Places, settings: ScanSettings, begun_with: str | None) -> None:
        self.calibrations = known_calibrations(places)
        self.loaded: Detector | None = None
        self._places = places
        self._settings = settings
        self._begun_with = begun_with
        self._by_name: dict[str, Detector] = {}
        self._loading = Lock()
        self._card: DetectorSpec | None = None
        self._policy: Policy | None = None

    def change(self, settings: ScanSettings) -> None:
        """Take new settings; a detector that is loaded stays."""
        self._settings, self._card, self._policy = settings, None, None

    def begin_session(self, begun_with: str | None) -> None:
        """Serve another session, with the detector it was begun with."""
        self._begun_with = begun_with
        self.loaded, self._card, self._policy = None, None, None

    def own(self) -> Detector:
        """Return the session's own detector.

        Raises:
            UsageError: the settings name none that is here.
            ModelError: it is refused or cannot be loaded.
        """
        if self.loaded is None:
            try:
                self.loaded = self.get(self._begun_with or self._settings.model)
            except UsageError:
                # The session was begun with a detector that is no longer here.
                self.loaded = self.get(self._settings.model)
        return self.loaded

    def of_item(self, model: ModelId | None) -> Detector:
        """Return the very detector that scored an item, or the session's where that is gone.

        Raises:
            UsageError: the settings name none that is here.
            ModelError: it is refused or cannot be loaded.
        """
        own = self.own()
        if model is None or model.sha256 == own.spec.sha256:
            return own
        if model.sha256 not in self.calibrations:
            return own
        return self.get(model.id)

    def get(self, model: str) -> Detector:
        """Return a detector by id, folder or "auto", loaded once.

        Raises:
            UsageError: there is none of that name.
            ModelError: it is refused or cannot be loaded.
        """
        with self._loading:
            known = self._by_name.get(model)
            if known is None:
                opened = open_detector(model, self._settings.device, self._places)
                known = self._by_name.setdefault(opened.spec.id, opened)
                if known is not opened:
                    opened.close()
                self._by_name[model] = known
            return known

    def thresholds(self, media: MediaKind | None, model: ModelId | None) -> Thresholds | None:
        """Return the limits in force for what a detector scored; None stands for the own one."""
        spec = self._spec()
        if model is not None and (spec is None or model.sha256 != spec.sha256):
            calibration = self.calibrations.get(model.sha256)
            return Thresholds.of(calibration, media) if calibration else None
        if spec is None:
            return None
        if self._policy is None:
            self._policy = self._policy_or_none(spec)
        certified = self._policy.thresholds.get(media) if self._policy and media else None
        return certified or Thresholds.of(spec.calibration, media)

    def close(self) -> None:
        """End every detector."""
        with self._loading:
            for detector in {id(each): each for each in self._by_name.values()}.values():
                detector.close()
            self._by_name.clear()

    def _spec(self) -> DetectorSpec | None:
        """Return the card in force; until the detector is loaded, the one that would be."""
        if self.loaded is not None:
            return self.loaded.spec
        if self._card is None:
            model = self._begun_with or self._settings.model
            self._card = card_in_waiting(model, self._places)
        return self._card

    def _policy_or_none(self, spec: DetectorSpec) -> Policy | None:
        try:
            return load_policy(self._settings.policy, spec.sha256)
        except UsageError:
            # The next scan says what is wrong with it; until then the card's limits are shown.
            return None
