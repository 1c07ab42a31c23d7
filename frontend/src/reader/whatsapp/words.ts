/**
 * Sentences the app itself writes into exports, by what they mean. New wordings are new lines.
 *
 * Compared by `comparableSentence`: without invisible marks, in small letters, without a last full stop.
 */
import type { MediaKind } from "../conversation.ts"
import { comparableSentence } from "./characters.ts"

const sentences = (...lines: readonly string[]): ReadonlySet<string> =>
    new Set(lines.flatMap((line) => line.split(" | ")).map(comparableSentence))

/** What stands with a file's name: Android in round brackets behind it, iOS before the colon. */
export const attachedWords = sentences(
    "(file attached) | (Datei angehängt) | (archivo adjunto) | (arquivo anexado) | (ficheiro anexado) | (fichier joint)",
    "(file allegato) | (bestand bijgevoegd) | (dosya ekli) | (файл добавлен) | (файл додано) | (załączony plik)",
    "(soubor byl přiložen) | (फाइल अटैच कर दी गई है) | (الملف مرفق) | (קובץ מצורף) | (添付ファイル有り) | (ファイル添付)",
    "(파일 첨부됨) | (文件附件) | (附件檔案) | (file terlampir) | (bifogad fil) | (fil vedhæftet) | (vedlagt fil) | (liitetiedosto)",
    "attached | Anhang | adjunto | anexado | anexo | pièce jointe | allegato | bijgevoegd | eklendi | прикреплено | додано",
    "załączono | příloha | अटैच किया गया | المُرفق | מצורף | 添付ファイル | 첨부됨 | 附件 | terlampir | bifogat | vedhæftet | vedlagt",
    "liite | đính kèm | atașare | csatolva | επισυνάφθηκε",
)

const omittedByKind: readonly (readonly [MediaKind | null, ReadonlySet<string>])[] = [
    [
        null,
        sentences(
            "<Media omitted> | <Medien ausgeschlossen> | <Medien weggelassen> | <Mediendatei entfernt> | <Multimedia omitido>",
            "<Archivo omitido> | <Mídia oculta> | <Arquivo de mídia oculto> | <Ficheiro não revelado> | <Médias omis>",
            "<Fichier omis> | <Media omessi> | <Media omesso> | <Media weggelaten> | <Medya dahil edilmedi> | <Medya atlanmış>",
            "<Без медиафайлов> | <Файл пропущен> | <медіа пропущено> | <pominięto multimedia> | <Média vynechány>",
            "<मीडिया के बिना> | <تم استبعاد الوسائط> | <המדיה לא נכללה> | <メディアなし> | <メディアは含まれていません>",
            "<미디어 파일 제외됨> | <省略多媒体文件> | <忽略多媒體檔> | <Media tidak disertakan> | <Product message omitted>",
        ),
    ],
    [
        "photo",
        sentences(
            "image omitted | Bild weggelassen | image absente | imagen omitida | imagem ocultada | immagine omessa",
            "afbeelding weggelaten | изображение отсутствует | görüntü dahil edilmedi | 画像は含まれていません | फ़ोटो हटाई गई",
            "لم يتم إدراج الصورة",
        ),
    ],
    [
        "video",
        sentences(
            "video omitted | Video weggelassen | vidéo absente | Video omitido | vídeo omitido | video omesso | video weggelaten",
            "видео отсутствует | video dahil edilmedi | ビデオは含まれていません | वीडियो छोड़ा गया | لم يتم إدراج الفيديوهات",
            "video note omitted | Videonotiz weggelassen | <Video message omitted> | <Videonachricht weggelassen>",
        ),
    ],
    [
        "audio",
        sentences(
            "audio omitted | Audio weggelassen | audio omis | audio omitido | áudio ocultado | audio omesso | audio weggelaten",
            "аудиофайл отсутствует | ses dahil edilmedi | 音声は含まれていません | ऑडियो हटाई गयी | لم يتم إدراج المقاطع الصوتية",
        ),
    ],
    [
        "sticker",
        sentences(
            "sticker omitted | Sticker weggelassen | sticker omis | sticker omitido | figurinha omitida | sticker non incluso",
            "sticker weggelaten | стикер не добавлен | Çıkartma dahil edilmedi | スタンプは含まれていません | स्टिकर छोड़ा गया",
            "تم حذف الملصقات",
        ),
    ],
    [
        "gif",
        sentences(
            "GIF omitted | GIF weggelassen | GIF retiré | GIF omitido | GIF esclusa | GIF weggelaten | GIF отсутствует",
            "GIF dahil edilmedi | GIFは含まれていません",
        ),
    ],
    [
        "document",
        sentences(
            "document omitted | Dokument weggelassen | document manquant | documento omitido | documento omesso",
            "document weggelaten | документ отсутствует | belge dahil edilmedi | ドキュメントは含まれていません",
            "डॉक्यूमेंट छोड़ा गया | لم يتم إدراج المستند",
        ),
    ],
    [
        "contact",
        sentences(
            "Contact card omitted | Kontaktkarte ausgelassen | Fiche contact manquante | Tarjeta de contacto omitida",
            "Cartão do contato omitido | Scheda contatto omessa | Contactkaart weggelaten | Карточка контакта отсутствует",
            "Kişi kartı dahil edilmedi | 連絡先カードを省略 | कॉन्टैक्ट कार्ड छोड़ा गया | لم يتم إدراج بطاقة جهة اتصال",
        ),
    ],
]

/** Sentence → kind of what was left out; null when the app does not say. */
export const omitted: ReadonlyMap<string, MediaKind | null> = new Map(
    omittedByKind.flatMap(([kind, lines]) => [...lines].map((line) => [line, kind] as const)),
)

export const viewOnce = sentences(
    "<View once voice message omitted> | <View once video omitted> | <View once photo omitted> | <View once message omitted>",
    "<Einmalig ansehen weggelassen> | You sent a view once message | You received a view once message",
)

export const notYetArrived = sentences(
    "Waiting for this message. This may take a while.",
    "Warten auf diese Nachricht. Dies kann eine Weile dauern.",
)

export const deletedByOthers = sentences(
    "This message was deleted | Diese Nachricht wurde gelöscht | Ce message a été supprimé | Se eliminó este mensaje",
    "Este mensaje fue eliminado | Mensagem apagada | Esta mensagem foi apagada | Questo messaggio è stato eliminato",
    "Dit bericht is verwijderd | Данное сообщение удалено | Bu mesaj silindi | यह मैसेज डिलीट कर दिया गया है | تم حذف هذه الرسالة",
    "このメッセージは削除されました",
)

export const deletedByOneself = sentences(
    "You deleted this message | Du hast diese Nachricht gelöscht | Vous avez supprimé ce message | Eliminaste este mensaje",
    "Você apagou esta mensagem | Hai eliminato questo messaggio | Je hebt dit bericht verwijderd",
    "Вы удалили данное сообщение | Bu mesajı sildiniz",
)

/** Longer forms, told by their beginning. */
export const deletedBeginnings: readonly string[] = [
    "this message was deleted by admin",
    "diese nachricht wurde von admin ",
    "diese nachricht wurde vom admin ",
    "you deleted this message as admin",
]

/** Without the full stop that some of them have inside. */
export const edited = sentences(
    "<This message was edited> | <Ce message a été modifié> | <Diese Nachricht wurde bearbeitet> | <Se editó este mensaje> | <Mensagem editada> | <Questo messaggio è stato modificato>",
    "<Dit bericht is bewerkt> | <Сообщение изменено> | <Bu mesaj düzenlendi>",
)

export const pollMark =
    /^(?:POLL|ABSTIMMUNG|UMFRAGE|ANKET|ENCUESTA|SONDAGE|SONDAGGIO|ENQUETE|PEILING|ОПРОС|投票|アンケート) ?[:：]/
export const pollOption = /^(?:OPTION|OPCIÓN|OPÇÃO|OPZIONE|OPTIE|SEÇENEK|ВАРИАНТ) ?[:：] ?/

export const locations = sentences(
    "location | standort | localisation | ubicación | localização | posizione | locatie | местоположение | konum | موقع",
    "位置情報 | स्थान",
)

export const locationSentences = sentences(
    "live location shared | Live-Standort wird geteilt | Live location shared | Live-Standort geteilt | ubicación en tiempo real compartida",
)

/** A call's sentence begins so; a duration or an invitation to call back may follow. */
export const callBeginnings: readonly string[] = [
    "missed voice call",
    "missed video call",
    "missed group voice call",
    "missed group video call",
    "voice call.",
    "video call.",
    "verpasster sprachanruf",
    "verpasster videoanruf",
    "verpasster gruppenanruf",
    "verpasster anruf",
    "sprachanruf.",
    "videoanruf.",
    "silenced voice call",
    "silenced video call",
    "stummgeschalteter sprachanruf",
    "appel vocal manqué",
    "appel vidéo manqué",
    "llamada perdida",
    "videollamada perdida",
    "chamada de voz perdida",
    "ligação de voz perdida",
    "chamada de vídeo perdida",
    "chiamata persa",
    "videochiamata persa",
    "gemiste spraakoproep",
    "gemiste videogesprek",
    "пропущенный аудиозвонок",
    "пропущенный видеозвонок",
    "cevapsız sesli arama",
    "cevapsız görüntülü arama",
]

/** The whole of a call's sentence, where the shorter form would be an everyday word. */
export const calls = sentences("Voice call | Video call | Sprachanruf | Videoanruf")

/** How the encryption notice begins; unmistakable even where its mark was lost. */
export const noticeBeginnings: readonly string[] = [
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
]

/**
 * Parts of sentences about a chat. They are asked only of texts that carry the app's mark, or of what stands before a
 * colon on Android, so that a person who writes "Ben left" is not taken for the app.
 */
export const systemPhrases =
    / (?:created (?:this )?(?:group|community)|added |removed |left$|left the group|joined|changed (?:the (?:subject|group|topic)|this group|their phone|to \+|the settings)|deleted this group|turned (?:on|off) |was added|were added|is (?:now an admin|a contact|no longer)|pinned a message|set the (?:message timer|group)|requested to join|started a call|erstellt$|(?:hat|hast|haben) (?:.{1,200} (?:erstellt|hinzugefügt|entfernt|geändert|gelöscht|verlassen|fixiert|angepinnt|eingeladen|blockiert|freigegeben|aktiviert|deaktiviert|eingeschaltet|ausgeschaltet)|den gruppennamen|den betreff|die gruppe|das gruppen|die gruppen|die community|selbstlöschende|den erweiterten)|ist (?:der gruppe|beigetreten|über einen|jetzt admin|ein kontakt)|wurdest?|a (?:créé|ajouté|quitté|changé|modifié|retiré|supprimé|rejoint)|avez (?:créé|ajouté|changé)|(?:creó|añadió|eliminó|cambió|salió)|(?:criou|adicionou|removeu|mudou|saiu)|ha (?:creato|aggiunto|rimosso|cambiato|abbandonato|modificato)|heeft (?:de groep|het onderwerp|.{1,80} toegevoegd)|(?:создал|добавил|удалил|изменил|вышел|покинул)|(?:grubu|grup) )/

export const systemBeginnings: readonly string[] = [
    "your security code with",
    "you're now an admin",
    "you're no longer an admin",
    "you created",
    "you added",
    "you removed",
    "you changed",
    "you left",
    "you joined",
    "you were added",
    "you were removed",
    "you turned",
    "you pinned",
    "you blocked",
    "you unblocked",
    "you updated",
    "disappearing messages",
    "this chat is with a",
    "this business",
    "the group's settings",
    "the message timer",
    "messages will disappear",
    "only admins",
    "admins can",
    "tap to",
    "your chat with",
    "new messages will disappear",
    "dein sicherheitscode",
    "deine sicherheitsnummer",
    "du bist jetzt",
    "du bist kein",
    "du hast",
    "du wurdest",
    "selbstlöschende nachrichten",
    "dieser chat ist mit",
    "neue nachrichten verschwinden",
    "nur admins",
    "die sicherheitsnummer",
    "votre code de sécurité",
    "tu código de seguridad",
    "seu código de segurança",
    "il tuo codice di sicurezza",
    "je beveiligingscode",
    "код безопасности",
    "güvenlik kodunuz",
]
