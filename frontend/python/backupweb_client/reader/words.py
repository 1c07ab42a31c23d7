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
LEFT_OUT_ONCE: Final = _sentences(
    "View once voice message omitted | View once video omitted | View once photo omitted | View once message omitted",
    "Einmalig ansehen weggelassen",
)
VIEW_ONCE: Final = _sentences("You sent a view once message | You received a view once message")

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
    "Je hebt dit bericht verwijderd | Вы удалили данное сообщение | Bu mesajı sildiniz",
)
DELETED: Final = DELETED_BY_SELF | _sentences(
    "This message was deleted | Diese Nachricht wurde gelöscht | Ce message a été supprimé",
    "Se eliminó este mensaje | Este mensaje fue eliminado | Mensagem apagada | Esta mensagem foi apagada",
    "Questo messaggio è stato eliminato | Dit bericht is verwijderd",
    "Данное сообщение удалено | Bu mesaj silindi | यह मैसेज डिलीट कर दिया गया है | تم حذف هذه الرسالة",
    "このメッセージは削除されました",
)
DELETED_BY_ADMIN: Final = (
    "this message was deleted by admin",
    "diese nachricht wurde von admin ",
    "diese nachricht wurde vom admin ",
    "you deleted this message as admin",
)
# At the end of a body, between angle brackets.
EDITED: Final = _sentences(
    "This message was edited | Diese Nachricht wurde bearbeitet | Ce message a été modifié | Se editó este mensaje",
    "Mensagem editada | Questo messaggio è stato modificato | Dit bericht is bewerkt | Сообщение изменено",
    "Bu mesaj düzenlendi",
)
PLACES: Final = _sentences(
    "Location | Standort | Localisation | Ubicación | Localização | Posizione | Locatie | Местоположение | konum",
    "موقع | 位置情報 | स्थान",
)
LIVE_PLACES: Final = _sentences(
    "live location shared | Live-Standort wird geteilt | Live-Standort geteilt | ubicación en tiempo real compartida"
)
WAITING: Final = _sentences(
    "Waiting for this message. This may take a while.",
    "Warten auf diese Nachricht. Dies kann eine Weile dauern.",
)
POLL: Final = re.compile(
    "(?:POLL|ABSTIMMUNG|UMFRAGE|ANKET|ENCUESTA|SONDAGE|SONDAGGIO|ENQUETE|PEILING|ОПРОС|投票|アンケート) ?[:：]"
)
OPTION: Final = re.compile("(?:OPTION|OPCIÓN|OPÇÃO|OPZIONE|OPTIE|SEÇENEK|ВАРИАНТ) ?[:：] ?")

# A duration, or how to call back, may follow.
CALL_BEGINNINGS: Final = (
    *("missed voice call", "missed video call", "missed group voice call", "missed group video call"),
    *("silenced voice call", "silenced video call", "voice call.", "video call."),
    *("verpasster sprachanruf", "verpasster videoanruf", "verpasster gruppenanruf", "verpasster anruf"),
    *("stummgeschalteter sprachanruf", "sprachanruf.", "videoanruf."),
    *("appel vocal manqué", "appel vidéo manqué", "llamada perdida", "videollamada perdida"),
    *("chamada de voz perdida", "ligação de voz perdida", "chamada de vídeo perdida"),
    *("chiamata persa", "videochiamata persa", "gemiste spraakoproep", "gemiste videogesprek"),
    *("пропущенный аудиозвонок", "пропущенный видеозвонок", "cevapsız sesli arama", "cevapsız görüntülü arama"),
)
# The whole of the sentence, where it is an everyday word.
CALLS: Final = _sentences("Voice call | Video call | Sprachanruf | Videoanruf")

# Nobody but the app writes so, even where its mark was lost.
ENCRYPTION_BEGINNINGS: Final = (
    "messages and calls are end-to-end encrypted",
    "messages to this group are now secured with end-to-end encryption",
    "messages to this chat and calls are now secured with end-to-end encryption",
    "messages you send to this group are now secured",
    "nachrichten und anrufe sind ende-zu-ende-verschlüsselt",
    "nachrichten in dieser gruppe sind jetzt mit ende-zu-ende-verschlüsselung",
    "nachrichten in diesem chat sowie anrufe sind jetzt mit ende-zu-ende-verschlüsselung",
    "les messages et les appels sont chiffrés de bout en bout",
    "los mensajes y las llamadas están cifrados de extremo a extremo",
    "i messaggi e le chiamate sono crittografati end-to-end",
    "as mensagens e ligações são protegidas com a criptografia de ponta a ponta",
    "as mensagens e as chamadas são encriptadas ponto a ponto",
    "berichten en oproepen worden end-to-end versleuteld",
    "mesajlar ve aramalar uçtan uca şifrelidir",
    "сообщения и звонки защищены сквозным шифрованием",
    "मैसेजेस और कॉल्स एंड-टू-एंड एन्क्रिप्टेड हैं",
    "الرسائل والمكالمات مشفرة تمامًا بين الطرفين",
    "メッセージと通話はエンドツーエンド暗号化されています",
)

# Asked only where the app is known to speak: behind its mark, or on Android before a colon.
NOTICE_BEGINNINGS: Final = (
    *("your security code with", "dein sicherheitscode", "deine sicherheitsnummer", "die sicherheitsnummer"),
    *("votre code de sécurité", "tu código de seguridad", "seu código de segurança", "il tuo codice di sicurezza"),
    *("je beveiligingscode", "код безопасности", "güvenlik kodunuz"),
    *("you're now an admin", "you're no longer an admin", "you created", "you added", "you removed", "you changed"),
    *("you left", "you joined", "you were added", "you were removed", "you turned", "you pinned", "you blocked"),
    *("you unblocked", "you updated", "disappearing messages", "this chat is with a", "this business"),
    *("the group's settings", "the message timer", "messages will disappear", "new messages will disappear"),
    *("only admins", "admins can", "tap to", "your chat with"),
    *("du bist jetzt", "du bist kein", "du hast", "du wurdest", "selbstlöschende nachrichten", "dieser chat ist mit"),
    *("neue nachrichten verschwinden", "nur admins"),
)
NOTICE_PHRASES: Final = re.compile(
    " (?:"
    + "|".join(
        (
            r"created (?:this )?(?:group|community)|added |removed |left\Z|left the group|joined|deleted this group",
            r"changed (?:the (?:subject|group|topic)|this group|their phone|to \+|the settings)|turned (?:on|off) ",
            r"was added|were added|is (?:now an admin|a contact|no longer)|pinned a message",
            r"set the (?:message timer|group)|requested to join|started a call",
            r"erstellt\Z|ist (?:der gruppe|beigetreten|über einen|jetzt admin|ein kontakt)|wurdest?",
            r"(?:hat|hast|haben) (?:den gruppennamen|den betreff|die gruppe|das gruppen|die gruppen|die community)",
            r"(?:hat|hast|haben) (?:selbstlöschende|den erweiterten)",
            r"(?:hat|hast|haben) .{1,200} (?:erstellt|hinzugefügt|entfernt|geändert|gelöscht|verlassen|fixiert)",
            r"(?:hat|hast|haben) .{1,200} (?:angepinnt|eingeladen|blockiert|freigegeben|aktiviert|deaktiviert)",
            r"(?:hat|hast|haben) .{1,200} (?:eingeschaltet|ausgeschaltet)",
            r"a (?:créé|ajouté|quitté|changé|modifié|retiré|supprimé|rejoint)|avez (?:créé|ajouté|changé)",
            r"creó|añadió|eliminó|cambió|salió|criou|adicionou|removeu|mudou|saiu",
            r"ha (?:creato|aggiunto|rimosso|cambiato|abbandonato|modificato)",
            r"heeft (?:de groep|het onderwerp|.{1,80} toegevoegd)",
            r"создал|добавил|удалил|изменил|вышел|покинул|grubu|grup ",
        )
    )
    + ")"
)
ATTACHED: Final = _sentences(
    "(file attached) | (Datei angehängt) | (archivo adjunto) | (arquivo anexado) | (ficheiro anexado)",
    "(fichier joint) | (file allegato) | (bestand bijgevoegd) | (dosya ekli) | (файл добавлен) | (файл додано)",
    "(załączony plik) | (soubor byl přiložen) | (फाइल अटैच कर दी गई है) | (الملف مرفق) | (קובץ מצורף)",
    "(添付ファイル有り) | (ファイル添付) | (파일 첨부됨) | (文件附件) | (附件檔案) | (file terlampir)",
    "(bifogad fil) | (fil vedhæftet) | (vedlagt fil) | (liitetiedosto)",
    "attached | Anhang | adjunto | anexado | anexo | pièce jointe | allegato | bijgevoegd | eklendi | прикреплено",
    "додано | załączono | příloha | अटैच किया गया | المُرفق | מצורף | 添付ファイル | 첨부됨 | 附件 | terlampir",
    "bifogat | vedhæftet | vedlagt | liite | đính kèm | atașare | csatolva | επισυνάφθηκε",
)
