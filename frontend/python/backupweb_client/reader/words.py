"""What the app itself writes, in the languages of which exports are known. A sentence more is a line more in here."""

import re
from typing import Final

from backupweb_client.reader.characters import comparable
from backupweb_client.reader.model import MediaKind


def _sentences(*lines: str) -> frozenset[str]:
    return frozenset(comparable(sentence) for line in lines for sentence in line.split(" | "))


# Android, in the place of a file of any kind, between angle brackets.
LEFT_OUT: Final = _sentences(
    "Media omitted",
    "Medien ausgeschlossen | Medien weggelassen | Mediendatei entfernt",
    "Multimedia omitido | Archivo omitido",
    "Mídia oculta | Arquivo de mídia oculto",
    "Ficheiro não revelado",
    "Médias omis | Fichier omis",
    "Media omessi | Media omesso",
    "Media weggelaten",
    "Medya dahil edilmedi | Medya atlanmış",
    "Без медиафайлов | Файл пропущен",
    "медіа пропущено",
    "pominięto multimedia",
    "Média vynechány",
    "मीडिया के बिना",
    "تم استبعاد الوسائط",
    "המדיה לא נכללה",
    "メディアなし | メディアは含まれていません",
    "미디어 파일 제외됨",
    "省略多媒体文件 | 忽略多媒體檔",
    "Media tidak disertakan",
    "Product message omitted",
)
LEFT_OUT_NOTE: Final = _sentences("Video message omitted", "Videonachricht weggelassen")
LEFT_OUT_ONCE: Final = _sentences("View once voice message omitted", "View once video omitted", "View once photo omitted")

_BY_KIND: Final[dict[MediaKind, frozenset[str]]] = {
    "photo": _sentences(
        "image omitted | Bild weggelassen | image absente | imagen omitida | imagem ocultada | immagine omessa",
        "изображение отсутствует | görüntü dahil edilmedi | 画像は含まれていません | फ़ोटो हटाई गई",
        "لم يتم إدراج الصورة | afbeelding weggelaten",
    ),
    "video": _sentences(
        "video omitted | Video weggelassen | vidéo absente | Video omitido | vídeo omitido | video omesso",
        "видео отсутствует | video dahil edilmedi | ビデオは含まれていません | वीडियो छोड़ा गया",
        "لم يتم إدراج الفيديوهات | video weggelaten | video note omitted | Videonotiz weggelassen",
    ),
    "audio": _sentences(
        "audio omitted | Audio weggelassen | audio omis | audio omitido | áudio ocultado | audio omesso",
        "аудиофайл отсутствует | ses dahil edilmedi | 音声は含まれていません | ऑडियो हटाई गयी",
        "لم يتم إدراج المقاطع الصوتية | audio weggelaten",
    ),
    "sticker": _sentences(
        "sticker omitted | Sticker weggelassen | sticker omis | sticker omitido | figurinha omitida",
        "sticker non incluso | стикер не добавлен | Çıkartma dahil edilmedi | スタンプは含まれていません",
        "स्टिकर छोड़ा गया | تم حذف الملصقات | sticker weggelaten",
    ),
    "gif": _sentences(
        "GIF omitted | GIF weggelassen | GIF retiré | GIF omitido | GIF esclusa | GIF отсутствует",
        "GIF dahil edilmedi | GIFは含まれていません | GIF weggelaten",
    ),
    "document": _sentences(
        "document omitted | Dokument weggelassen | document manquant | documento omitido | documento omesso",
        "документ отсутствует | belge dahil edilmedi | ドキュメントは含まれていません | डॉक्यूमेंट छोड़ा गया",
        "لم يتم إدراج المستند | document weggelaten",
    ),
    "contact": _sentences(
        "Contact card omitted | Kontaktkarte ausgelassen | Fiche contact manquante | Tarjeta de contacto omitida",
        "Cartão do contato omitido | Scheda contatto omessa | Карточка контакта отсутствует",
        "Kişi kartı dahil edilmedi | 連絡先カードを省略 | कॉन्टैक्ट कार्ड छोड़ा गया | لم يتم إدراج بطاقة جهة اتصال",
        "contactkaart weggelaten",
    ),
}
# iOS, behind a mark of direction, in the place of a file.
KIND_LEFT_OUT: Final = {sentence: kind for kind, sentences in _BY_KIND.items() for sentence in sentences}

DELETED_BY_SELF: Final = _sentences(
    "You deleted this message | Du hast diese Nachricht gelöscht | Vous avez supprimé ce message",
    "Eliminaste este mensaje | Você apagou esta mensagem | Hai eliminato questo messaggio",
    "Вы удалили данное сообщение | Bu mesajı sildiniz",
)
DELETED: Final = DELETED_BY_SELF | _sentences(
    "This message was deleted | Diese Nachricht wurde gelöscht | Ce message a été supprimé",
    "Se eliminó este mensaje | Mensagem apagada | Questo messaggio è stato eliminato | Dit bericht is verwijderd",
    "Данное сообщение удалено | Bu mesaj silindi | यह मैसेज डिलीट कर दिया गया है | تم حذف هذه الرسالة",
    "このメッセージは削除されました",
)
# At the end of a body, between angle brackets.
EDITED: Final = _sentences(
    "This message was edited | Diese Nachricht wurde bearbeitet | Ce message a été modifié | Se editó este mensaje",
    "Mensagem editada | Questo messaggio è stato modificato | Dit bericht is bewerkt | Сообщение изменено",
    "Bu mesaj düzenlendi",
)
PLACES: Final = _sentences(
    "Location | Standort | Localisation | Ubicación | Localização | Posizione | Местоположение | konum | موقع | 位置情報",
    "locatie",
)
LIVE_PLACES: Final = _sentences("live location shared")
WAITING: Final = comparable("Waiting for this message.")
POLLS: Final = frozenset({"poll", "abstimmung", "anket"})

CALLS: Final = re.compile(
    "|".join(
        (
            r"(?:missed )?(?:group )?(?:voice|video) call\b",
            r"(?:verpasster )?(?:gruppen-?)?(?:sprach|video)anruf\b",
            r"appel (?:vocal|vidéo) (?:de groupe )?manqué",
            r"(?:video)?llamada (?:de voz |grupal )*perdida",
            r"(?:chamada|ligação) de (?:voz|vídeo) perdida",
            r"(?:chiamata vocale|videochiamata) persa",
            r"gemiste (?:spraak|video-?)oproep",
            r"пропущенный (?:аудио|видео)звонок",
            r"cevapsız (?:sesli|görüntülü) arama",
        )
    )
)

NOTICES: Final = re.compile(
    "|".join(
        (
            # the encryption notice
            "messages and calls are end-to-end encrypted",
            "messages to this (?:group|chat)(?: and calls)? are now secured with end-to-end encryption",
            "nachrichten und anrufe sind ende-zu-ende-verschlüsselt",
            "les messages et les appels sont chiffrés de bout en bout",
            "los mensajes y las llamadas están cifrados de extremo a extremo",
            "i messaggi e le chiamate sono crittografati end-to-end",
            "as mensagens e (?:as )?(?:ligações|chamadas) são protegidas com a criptografia de ponta a ponta",
            "berichten en oproepen worden end-to-end versleuteld",
            "mesajlar ve aramalar uçtan uca şifrelidir",
            "сообщения и звонки защищены сквозным шифрованием",
            "मैसेजेस और कॉल्स एंड-टू-एंड एन्क्रिप्टेड हैं",
            "الرسائل والمكالمات مشفرة تمامًا بين الطرفين",
            "メッセージと通話はエンドツーエンド暗号化されています",
            # security codes
            "your security code with .+ changed",
            "dein sicherheitscode für .+ hat sich geändert",
        )
    )
)
