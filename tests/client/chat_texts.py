"""Texts as phones could have written them, and as a hostile hand could: for readers that must agree about each."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LRM, RLM, NBSP, NNBSP, LRE, PDF, FSI, PDI = (
    "\u200e",
    "\u200f",
    "\u00a0",
    "\u202f",
    "\u202a",
    "\u202c",
    "\u2068",
    "\u2069",
)
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_HINDI: Final = str.maketrans("0123456789", "०१२३४५६७८९")

Stamp = Callable[[datetime], str]


def _twelve(moment: datetime, before: str, after: str, seconds: str = "") -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M}{seconds and moment.strftime(seconds)}" + (
        after if moment.hour > 11 else before
    )


def _dots(moment: datetime) -> str:
    return f"{moment:%Y}. {moment:%m}. {moment:%d}."


STAMPS: Final[dict[str, Stamp]] = {
    "de": lambda t: f"{t:%d.%m.%y, %H:%M} - ",
    "en-US": lambda t: f"{t.month}/{t.day}/{t:%y}, {_twelve(t, NNBSP + 'AM', NNBSP + 'PM')} - ",
    "en-US, space": lambda t: f"{t.month}/{t.day}/{t:%y}, {_twelve(t, ' AM', ' PM')} - ",
    "en-US, 24 hours": lambda t: f"{t.month}/{t.day}/{t:%y, %H:%M} - ",
    "en-GB": lambda t: f"{t:%d/%m/%Y, %H:%M} - ",
    "en-IN": lambda t: f"{t:%d/%m/%y}, {_twelve(t, NNBSP + 'am', NNBSP + 'pm')} - ",
    "en-CA": lambda t: f"{t:%Y-%m-%d}, {_twelve(t, ' a.m.', ' p.m.')} - ",
    "es": lambda t: f"{t.day}/{t.month}/{t:%Y, %H:%M} - ",
    "es, 12 hours": lambda t: f"{t.day}/{t.month}/{t:%y}, {_twelve(t, f' a.{NBSP}m.', f' p.{NBSP}m.')} - ",
    "pt-BR": lambda t: f"{t:%d/%m/%Y %H:%M} - ",
    "fr, older": lambda t: f"{t:%d/%m/%Y à %H:%M} - ",
    "nl": lambda t: f"{t:%d-%m-%Y %H:%M} - ",
    "tr": lambda t: f"{t:%d.%m.%Y %H:%M} - ",
    "fi": lambda t: f"{t.day}.{t.month}.{t:%Y klo %H.%M} - ",
    "ja": lambda t: f"{t:%Y/%m/%d, %H:%M} - ",
    "ja, 12 hours": lambda t: f"{t:%Y/%m/%d} {'午後' if t.hour > 11 else '午前'}{t.hour % 12}:{t:%M} - ",
    "ko": lambda t: f"{_dots(t)} {'오후' if t.hour > 11 else '오전'} {t.hour % 12 or 12}:{t:%M} - ",
    "zh": lambda t: f"{t:%Y}/{t.month}/{t.day} {'下午' if t.hour > 11 else '上午'}{t.hour % 12 or 12}:{t:%M} - ",
    "hu": lambda t: f"{_dots(t)} {t:%H:%M} - ",
    "bg": lambda t: f"{t:%d.%m.%Y} г., {t:%H:%M} – ",
    "id": lambda t: f"{t:%d/%m/%y %H.%M} - ",
    "da": lambda t: f"{t:%d.%m.%Y kl. %H.%M} - ",
    "de, older": lambda t: f"{t:%d.%m.%Y um %H:%M} - ",
    "ar": lambda t: f"{RLM}{t.day}{RLM}/{t.month}{RLM}/{t:%Y}، {_twelve(t, f'{NBSP}ص', f'{NBSP}م')} - ",
    "hi, own digits": lambda t: f"{t.day}/{t.month}/{t:%y}, {_twelve(t, ' am', ' pm')} - ".translate(_HINDI),
    "vi": lambda t: f"{t:%H:%M}, {t.day}/{t.month}/{t:%Y} - ",
    "iOS de": lambda t: f"[{t:%d.%m.%y, %H:%M:%S}] ",
    "iOS en-US": lambda t: f"[{t.month}/{t.day}/{t:%y}, {_twelve(t, NNBSP + 'AM', NNBSP + 'PM', ':%S')}] ",
    "iOS en-US, space": lambda t: f"[{t.month}/{t.day}/{t:%y}, {_twelve(t, ' AM', ' PM', ':%S')}] ",
    "iOS pt-BR": lambda t: f"[{t:%d/%m/%Y, %H:%M:%S}] ",
    "iOS fr": lambda t: f"[{t:%d/%m/%Y %H:%M:%S}] ",
    "iOS ja": lambda t: f"[{t:%Y/%m/%d %H:%M:%S}] ",
    "iOS id": lambda t: f"[{t.month}/{t.day}/{t:%y %H.%M.%S}] ",
    "iOS vi": lambda t: f"[{t:%H:%M:%S}, {t.month}/{t.day}/{t:%y}] ",
    "iOS ar": lambda t: f"[{RLM}{t.day}{RLM}/{t.month}{RLM}/{t:%Y}، {t:%H:%M:%S}] ",
    "iOS ar, own digits": lambda t: (
        f"[{t.day}{RLM}/{t.month}{RLM}/{t:%Y}، {_twelve(t, f'{NBSP}ص', f'{NBSP}م', ':%S')}] ".translate(_ARABIC)
    ),
    "iOS Buddhist": lambda t: f"[{t.month}/{t.day}/{t.year + 543} BE, {t:%H:%M:%S}] ",
    "iOS Japanese": lambda t: f"[{t.month}/{t.day}/R{t.year - 2018}, {t:%H:%M:%S}] ",
    "iOS hu": lambda t: f"[{_dots(t)} {t:%H:%M:%S}] ",
    "iOS, very old": lambda t: f"{t:%d.%m.%y %H:%M:%S}: ",
}

SENDERS: Final = (
    "Anna",
    "Ben Muster",
    "🌻 Anna 👩‍👧",
    f"{LRE}+49{NBSP}176{NBSP}04069012{PDF}",
    "+49 30 23125\u2011012",
    f"~{NNBSP}Cleo",
    "~ Cleo",
    "Wandern",
    "花子",
    "ليلى",
    'Max "Maxi" Muster',
    "Zoe\u0308",
)

FILES: Final = (
    "IMG-20260919-WA0001.jpg",
    "PTT-20260919-WA0002.opus",
    "Route & Plan (2).pdf",
    "a (1).pdf",
    "a (1).pdf (file attached).pdf",
    "00000035-PHOTO-2026-09-19-10-01-07.jpg",
    "00000047-Plan.pdf",
    "Ka\u0308se.pdf",
    "2015-03-23-PHOTO-00004762.jpg",
    "Ben Muster.vcf",
    "Scan.JPG",
    "b>c.pdf",
    "notes",
)
_MORE_NAMES: Final = (
    "STK-20260919-WA0005.webp",
    "DOC-20260919-WA0006.",
    "00000099-AUDIO-2026-09-19-09-53-07.opus",
    "00000098-AUDIO-2026-09-19-09-53-07.m4a",
    "00000097-GIF-2026-09-19-09-53-07.mp4",
    "00000096-STICKER-2026-09-19-09-53-07.webp",
    "00000095-VIDEO-2026-09-19-09-53-07.mp4",
    "00000042-Carla.vcf",
    "Käse.pdf",
    "Brot.pdf",
    "VID-20260919-WA0003.mp4",
    "AUD-20260919-WA0004.m4a",
)
_BEFORE: Final = (
    "attached: ", "Anhang: ", "adjunto: ", "anexado: ", "anexo: ", "pièce jointe : ", "allegato: ", "bijgevoegd: ",
    "eklendi: ", "прикреплено: ", "अटैच किया गया: ", "المُرفق: ", "添付ファイル：", "附件：", "첨부됨: ", "liite: ",
)  # fmt: skip
_AFTER: Final = (
    "file attached", "Datei angehängt", "archivo adjunto", "fichier joint", "bestand bijgevoegd", "файл добавлен",
    "फाइल अटैच कर दी गई है", "الملف مرفق", "添付ファイル有り", "文件附件", "liitetiedosto",
)  # fmt: skip
_LEFT_OUT: Final = (
    "Media omitted", "Medien ausgeschlossen", "Medien weggelassen", "Multimedia omitido", "Mídia oculta",
    "Ficheiro não revelado", "Médias omis", "Media omessi", "Media weggelaten", "Medya dahil edilmedi",
    "Без медиафайлов", "медіа пропущено", "pominięto multimedia", "Média vynechány", "मीडिया के बिना",
    "تم استبعاد الوسائط", "המדיה לא נכללה", "メディアなし", "미디어 파일 제외됨", "省略多媒体文件", "忽略多媒體檔",
    "Media tidak disertakan", "Video message omitted", "Videonachricht weggelassen",
    "View once voice message omitted", "View once video omitted", "Product message omitted",
)  # fmt: skip
_KINDS: Final = (
    "image omitted", "video omitted", "audio omitted", "sticker omitted", "GIF omitted", "document omitted",
    "Contact card omitted", "Bild weggelassen", "Kontaktkarte ausgelassen", "image absente", "GIF retiré",
    "Fiche contact manquante", "Video omitido", "figurinha omitida", "sticker non incluso", "GIF esclusa",
    "стикер не добавлен", "Çıkartma dahil edilmedi", "Kişi kartı dahil edilmedi", "画像は含まれていません",
    "連絡先カードを省略", "फ़ोटो हटाई गई", "ऑडियो हटाई गयी", "لم يتم إدراج المستند", "video note omitted",
    "Videonotiz weggelassen",
)  # fmt: skip
_DELETED: Final = (
    "This message was deleted", "This message was deleted.", "You deleted this message",
    "Diese Nachricht wurde gelöscht.", "Du hast diese Nachricht gelöscht.", "Ce message a été supprimé",
    "Vous avez supprimé ce message.", "Se eliminó este mensaje.", "Eliminaste este mensaje.", "Mensagem apagada",
    "Você apagou esta mensagem", "Questo messaggio è stato eliminato.", "Hai eliminato questo messaggio.",
    "Dit bericht is verwijderd", "Данное сообщение удалено", "Вы удалили данное сообщение.", "Bu mesaj silindi",
    "Bu mesajı sildiniz", "यह मैसेज डिलीट कर दिया गया है.", "تم حذف هذه الرسالة.", "このメッセージは削除されました。",
)  # fmt: skip
_EDITED: Final = (
    "This message was edited", "Diese Nachricht wurde bearbeitet.", "Ce message a été modifié",
    "Se editó este mensaje.", "Mensagem editada", "Questo messaggio è stato modificato", "Dit bericht is bewerkt",
    "Сообщение изменено", "Bu mesaj düzenlendi",
)  # fmt: skip
_PLACES: Final = (
    "Location", "location", "Standort", "Localisation", "Ubicación", "Localização", "Posizione", "Местоположение",
    "konum", "موقع", "位置情報",
)  # fmt: skip
_PLAIN: Final = (
    "Hi", "ok?", "see you (at nine)", "if a < b: c > d", "10:30 - then: home", "null", "x: y: z", "POLL: who comes?",
    "☀️ 🏔 𝔘𝔫𝔦", "we meet here: https://maps.google.com/?q=1,2", "https://example.org/a:b",
    f"Ich, @{FSI}Ben Muster{PDI}", "<3", "(:", ":)", "*bold* _italic_ ~struck~ `code`",
    "This message was deleted, sadly", "trailing ", " leading", "\ttab", "", " ", "EVENT:\nHut", "quote \"a: b\"",
    "„a: b“", "first\nsecond", "first\n\nthird\n", "Brot.pdf (was ist das)", "<none: at all>", "bought three apples",
    "Waiting for this message. This may take a while.", "live location shared",
    "Hut (Ehrwald): https://foursquare.com/v/0123456789abcdef",
)  # fmt: skip
_NOTICES: Final = (
    "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.",
    f"Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat … Mehr{NBSP}erfahren",
    "Les messages et les appels sont chiffrés de bout en bout. Aucun tiers, pas même WhatsApp, ne peut les lire.",
    "Los mensajes y las llamadas están cifrados de extremo a extremo.",
    "Messages to this group are now secured with end-to-end encryption. Tap for more info.",
    f"Сообщения и звонки защищены сквозным шифрованием. Третьи лица, включая WhatsApp, не{NBSP}могут",
    "メッセージと通話はエンドツーエンド暗号化されています。",
    "Dein Sicherheitscode für Ben Muster hat sich geändert. Tippe, um mehr zu erfahren.",
    "Anna Beispiel hat die Gruppe „Wandern“ erstellt.",
    "Anna hat den Gruppennamen von „Plan: A“ zu „Plan: B“ geändert.",
    'Ann changed the group name from "Plan: A" to "Plan: B"',
    "Anne a créé le groupe « Plan : A: B »",
    'You created group "Hiking"',
    "Ann added Ben",
    "Ann turned on advanced chat privacy.",
    "Anna Beispiel hat dich hinzugefügt.",
    "Carla Probe hat die Gruppe verlassen.",
)
_CALLS: Final = (
    "Missed voice call", "Missed video call", "Missed group voice call",
    f"Verpasster Sprachanruf. {LRM}Zum Zurückrufen tippen", "Verpasster Videoanruf", f"Sprachanruf. {LRM}2 Min.",
    f"Voice call. {LRM}2 min", f"Missed voice call, {LRM}Tap to call back", "Missed voice call was a great film",
)  # fmt: skip
_HOSTILE: Final = (
    LRM, LRM * 2, RLM, "\ufeff", FSI, PDI, LRE, PDF, NBSP, NNBSP, "\r", "\n", "\r\n", " ", ": ", ":", " - ", "[",
    "] ", "<", ">", "(", ")", " (file attached)", "<attached: ", "OPTION: ", "POLL:\n", "\u2028", "\x00", "\x85",
    "\x1c", "\ud83d", "\udc00", "😀", "31.02.26, 10:00 - ", "9/9/9, 9:99 - ", "19.09.26, 24:00 - ", "13:05 PM",
    "12.12.12", "٣١/٢/٢٠٢٦", '"', "„", "“", "https://maps.google.com/?q=1,2",
)  # fmt: skip


@dataclass(frozen=True)
class ChatText:
    """An export for a reader: its text, the names around it, and what was answered about day and month."""

    text: str
    file_names: tuple[str, ...]
    outer: str
    day_first: bool | None


def chat_text(seed: int) -> ChatText:
    """The same text for the same seed."""
    return _Maker(random.Random(seed)).chat()


class _Maker:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._pick = dice.choice

    def chat(self) -> ChatText:
        dice = self._dice
        text = self._records() if dice.random() < 0.9 else self._noise(30)
        if dice.random() < 0.3:
            text = self._disturbed(text)
        # Two halves that stand side by side are one character, to every reader.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        names = tuple(name for name in FILES if dice.random() < 0.7)
        own = self._pick(("_chat.txt", "WhatsApp Chat with Ben.txt", "Folder/_chat.txt"))
        outer = self._pick(("WhatsApp Chat - Ben.zip", "WhatsApp-Chat mit Ben (2).zip", "x.zip"))
        return ChatText(text, (*names, own), outer, self._pick((None, None, True, False)))

    def _records(self) -> str:
        dice = self._dice
        name = self._pick(list(STAMPS))
        other = self._pick(list(STAMPS))
        ios = name.startswith("iOS")
        end = self._pick(("\r\n", "\r\n", "\r\n", "\n") if ios else ("\n", "\n", "\n", "\r\n"))
        senders = dice.sample(SENDERS, dice.randint(1, 3))
        moment = datetime(2026, dice.randint(1, 12), dice.randint(1, 28), dice.randint(0, 23), dice.randint(0, 59))  # noqa: DTZ001
        short = dice.random() < 0.4
        lines: list[str] = []
        for _ in range(dice.randint(1, 8)):
            moment += timedelta(minutes=dice.choice((0, 1, 7, 300)) if short else dice.choice((1, 600, 40_000)))
            stamp = STAMPS[other if dice.random() < 0.06 else name]
            lines.append(self._record(stamp(moment), self._pick(senders), ios=ios))
        text = "".join(line + (end if dice.random() < 0.97 else "\n") for line in lines)
        if dice.random() < 0.1:
            text = text.removesuffix(end)
        return self._pick(("", "", "", "", "", "\ufeff", "\n", "before\n")) + text

    def _record(self, header: str, sender: str, *, ios: bool) -> str:
        mark = LRM if ios and self._dice.random() < 0.2 else ""
        if self._dice.random() < 0.12:
            notice = self._pick(_NOTICES + _CALLS)
            return f"{mark}{header}" + (f"{sender}: {self._pick((LRM, LRM, LRM * 2, ''))}" if ios else "") + notice
        return f"{mark}{header}{sender}: {self._body(ios=ios)}"

    def _body(self, *, ios: bool) -> str:
        dice, pick = self._dice, self._pick
        mark = pick((LRM, LRM, "", RLM)) if ios else pick(("", "", "", LRM))
        name = pick(FILES + _MORE_NAMES)
        words = pick(_PLAIN)
        shape = dice.randrange(16)
        match shape:
            case 0:
                return f"{mark}{name} ({pick(_AFTER)})" + pick(("", f"\n{words}", f"\n{name.rpartition('.')[0]}"))
            case 1:
                return pick(("", f"{words} ", f"{name} • {LRM}2 Seiten ")) + f"{mark}<{pick(_BEFORE)}{name}>"
            case 2:
                return f"<{pick(_LEFT_OUT)}>" + pick(("", "", f"\n{words}"))
            case 3:
                return pick(("", "", f"{words} ", f"{name} • {LRM}2 Seiten ")) + mark + pick(_KINDS)
            case 4:
                return mark + pick(_DELETED)
            case 5:
                return f"{words} {mark}<{pick(_EDITED)}>"
            case 6:
                votes = (" (2 votes)", " (1 Stimme)", "", " (früh)", " (0 votes)")
                options = "".join(f"\n{mark}OPTION: {pick(_PLAIN)}{pick(votes)}" for _ in range(dice.randint(0, 3)))
                return f"{mark}{pick(('POLL', 'ABSTIMMUNG', 'ANKET'))}:\n{words}{options}"
            case 7:
                return f"{mark}{pick(_PLACES)}: https://maps.google.com/?q=47.421,10.985"
            case 8:
                return f"{name} <attached>"
            case 9:
                return mark + pick(_CALLS + _NOTICES)
            case 10:
                return self._noise(6)
            case _:
                return mark * (shape == 11) + words

    def _noise(self, most: int) -> str:
        return "".join(self._pick(_HOSTILE + _PLAIN) for _ in range(self._dice.randint(0, most)))

    def _disturbed(self, text: str) -> str:
        """With something put in, taken out or doubled at a few places."""
        for _ in range(self._dice.randint(1, 3)):
            place = self._dice.randrange(len(text) + 1)
            beyond = place + self._dice.choice((0, 0, 1, 5))
            text = text[:place] + self._pick((*_HOSTILE, "")) + text[beyond:]
        return text
