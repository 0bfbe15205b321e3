"""How the person reads why a document takes its channel, and what it means when notices come back."""

from __future__ import annotations

from collections.abc import Mapping

from espace_contracts.vocabulary import Locale
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.contact import Notices

FR, DE, EN, LB = Locale.FRENCH, Locale.GERMAN, Locale.ENGLISH, Locale.LUXEMBOURGISH

REASONS: Mapping[ChannelRule, Mapping[Locale, str]] = {
    ChannelRule.RECIPIENT_DECEASED: {
        FR: "Par la poste : le destinataire est enregistré comme décédé.",
        DE: "Per Post: Der Empfänger ist als verstorben eingetragen.",
        EN: "By post: the recipient is registered as deceased.",
        LB: "Mat der Post: Den Empfänger ass als gestuerwen agedroen.",
    },
    ChannelRule.LEFT_UNREAD: {
        FR: "Par la poste : le document n’a pas été ouvert dans l’eSpace.",  # noqa: RUF001  # the French apostrophe
        DE: "Per Post: Das Dokument wurde im eSpace nicht geöffnet.",
        EN: "By post: the document was not opened in the eSpace.",
        LB: "Mat der Post: D’Dokument gouf am eSpace net opgemaach.",  # noqa: RUF001  # the Luxembourgish apostrophe
    },
    ChannelRule.STARTED_WITHOUT_LOGIN: {
        FR: "Par la poste : la démarche a été introduite sans connexion.",
        DE: "Per Post: Der Vorgang wurde ohne Anmeldung gestartet.",
        EN: "By post: the procedure was started without login.",
        LB: "Mat der Post: D’Demarche gouf ouni Umeldung gestart.",  # noqa: RUF001  # the Luxembourgish apostrophe
    },
    ChannelRule.RECEIPT_STAYS_IN_THE_ESPACE: {
        FR: "Dans l’eSpace : l’accusé de réception répond à ce que vous y avez transmis.",  # noqa: RUF001  # the French apostrophe
        DE: "Im eSpace: Die Empfangsbestätigung beantwortet, was Sie dort eingereicht haben.",
        EN: "In the eSpace: the receipt answers what you handed in there.",
        LB: "Am eSpace: D’Empfangsbestätegung äntwert op dat, wat Dir do eraginn hutt.",  # noqa: RUF001  # the Luxembourgish apostrophe
    },
    ChannelRule.EDELIVERY_OFF: {
        FR: "Par la poste : l’eDelivery n’est pas activé.",  # noqa: RUF001  # the French apostrophe
        DE: "Per Post: eDelivery ist nicht aktiviert.",
        EN: "By post: eDelivery is not activated.",
        LB: "Mat der Post: eDelivery ass net aktivéiert.",
    },
    ChannelRule.NOTICE_ADDRESS_BOUNCED: {
        FR: "Par la poste : les avis envoyés à votre adresse e-mail reviennent.",
        DE: "Per Post: Die Benachrichtigungen an Ihre E-Mail-Adresse kommen zurück.",
        EN: "By post: the notices sent to your e-mail address come back.",
        LB: "Mat der Post: D’Noriichten un Är E-Mail-Adress kommen zréck.",  # noqa: RUF001  # the Luxembourgish apostrophe
    },
    ChannelRule.EDELIVERY_ON: {
        FR: "Dans l’eSpace : l’eDelivery est activé.",  # noqa: RUF001  # the French apostrophe
        DE: "Im eSpace: eDelivery ist aktiviert.",
        EN: "In the eSpace: eDelivery is activated.",
        LB: "Am eSpace: eDelivery ass aktivéiert.",
    },
}
"""The sentence that the person reads beside the channel of a delivery."""

NOTICES: Mapping[Notices, Mapping[Locale, str]] = {
    Notices.NO_ADDRESS: {
        FR: "Aucune adresse n’est confirmée : vous ne recevez pas d’avis.",  # noqa: RUF001  # the French apostrophe
        DE: "Es ist keine Adresse bestätigt: Sie erhalten keine Benachrichtigungen.",
        EN: "No address is confirmed: you receive no notices.",
        LB: "Et ass keng Adress confirméiert: Dir kritt keng Noriichten.",
    },
    Notices.REACHABLE: {
        FR: "Les avis sont envoyés à votre adresse confirmée.",
        DE: "Benachrichtigungen gehen an Ihre bestätigte Adresse.",
        EN: "Notices are sent to your confirmed address.",
        LB: "D’Noriichte ginn un Är confirméiert Adress.",  # noqa: RUF001  # the Luxembourgish apostrophe
    },
    Notices.BOUNCED: {
        FR: (
            "Les avis envoyés à votre adresse reviennent. Vos prochains documents arrivent par la poste "
            "jusqu’à ce que vous confirmiez une nouvelle adresse."  # noqa: RUF001  # the French apostrophe
        ),
        DE: (
            "Die Benachrichtigungen an Ihre Adresse kommen zurück. Ihre nächsten Dokumente kommen per Post, "
            "bis Sie eine neue Adresse bestätigen."
        ),
        EN: "The notices sent to your address come back. Your next documents come by post until you confirm a new address.",
        LB: (
            "D’Noriichten un Är Adress kommen zréck. Är nächst Dokumenter komme mat der Post, "  # noqa: RUF001  # the apostrophe
            "bis Dir eng nei Adress confirméiert."
        ),
    },
}
"""What it means to the person whether notices reach them."""
