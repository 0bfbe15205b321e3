"""What the stand-in tells a person whom it does not simply approve, in the language of the submission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from espace_contracts.vocabulary import Locale


@dataclass(frozen=True)
class _Texts:
    """One text in the four languages."""

    fr: str
    de: str
    en: str
    lb: str


class Reason(Enum):
    """Why, and what to do."""

    STATEMENT_MISSING = _Texts(
        fr="Le relevé d'identité bancaire manque. Joignez un relevé d'identité bancaire (RIB) de votre banque au format "
        "PDF, puis transmettez à nouveau la démarche.",
        de="Der Kontonachweis fehlt. Fügen Sie einen Kontonachweis Ihrer Bank (RIB) als PDF bei und übermitteln Sie den Vorgang erneut.",
        en="The bank identity statement is missing. Attach a bank identity statement (RIB) from your bank as a PDF, then "
        "submit the procedure again.",
        lb="De Kontosnowäis (RIB) feelt. Setzt e RIB vun Ärer Bank als PDF derbäi a schéckt d'Demarche nach eng Kéier of.",
    )
    STATEMENT_MISSING_WITHOUT_LOGIN = _Texts(
        fr="Le relevé d'identité bancaire manque, et une démarche sans authentification ne peut pas être corrigée. "
        "Recommencez la démarche en joignant un relevé d'identité bancaire (RIB) de votre banque au format PDF.",
        de="Der Kontonachweis fehlt, und ein Vorgang ohne Anmeldung kann nicht korrigiert werden. Beginnen Sie den Vorgang "
        "neu und fügen Sie einen Kontonachweis Ihrer Bank (RIB) als PDF bei.",
        en="The bank identity statement is missing, and a procedure without login cannot be corrected. Start the procedure "
        "again and attach a bank identity statement (RIB) from your bank as a PDF.",
        lb="De Kontosnowäis (RIB) feelt, an eng Demarche ouni Umeldung kann net verbessert ginn. Fänkt d'Demarche nei un a "
        "setzt e RIB vun Ärer Bank als PDF derbäi.",
    )
    ENROLMENT_MISSING = _Texts(
        fr="La preuve d'inscription manque. Joignez le certificat d'inscription de votre école ou la convention de votre "
        "stage au Québec, puis transmettez à nouveau la démarche.",
        de="Der Nachweis der Einschreibung fehlt. Fügen Sie die Bescheinigung Ihrer Schule oder den Vertrag Ihres "
        "Praktikums in Québec bei und übermitteln Sie den Vorgang erneut.",
        en="The proof of enrolment is missing. Attach the certificate of your school or the agreement on your placement in "
        "Quebec, then submit the procedure again.",
        lb="De Beweis vun der Aschreiwung feelt. Setzt de Certificat vun Ärer Schoul oder d'Konventioun vun Ärem Stage am "
        "Québec derbäi a schéckt d'Demarche nach eng Kéier of.",
    )
    ENROLMENT_MISSING_WITHOUT_LOGIN = _Texts(
        fr="La preuve d'inscription manque, et une démarche sans authentification ne peut pas être corrigée. Recommencez la "
        "démarche en joignant le certificat d'inscription de votre école ou la convention de votre stage au Québec.",
        de="Der Nachweis der Einschreibung fehlt, und ein Vorgang ohne Anmeldung kann nicht korrigiert werden. Beginnen Sie "
        "den Vorgang neu und fügen Sie die Bescheinigung Ihrer Schule oder den Vertrag Ihres Praktikums in Québec bei.",
        en="The proof of enrolment is missing, and a procedure without login cannot be corrected. Start the procedure again "
        "and attach the certificate of your school or the agreement on your placement in Quebec.",
        lb="De Beweis vun der Aschreiwung feelt, an eng Demarche ouni Umeldung kann net verbessert ginn. Fänkt d'Demarche "
        "nei un a setzt de Certificat vun Ärer Schoul oder d'Konventioun vun Ärem Stage am Québec derbäi.",
    )
    LIVES_ABROAD = _Texts(
        fr="La CNS établit le certificat de coassurance uniquement pour les résidents du Luxembourg. Adressez-vous à la "
        "caisse de maladie de votre pays de résidence.",
        de="Die CNS stellt die Bescheinigung der Mitversicherung nur für Einwohner Luxemburgs aus. Wenden Sie sich an die "
        "Krankenkasse Ihres Wohnlandes.",
        en="The CNS issues the certificate of co-insurance for residents of Luxembourg only. Ask the health insurance fund "
        "of the country you live in.",
        lb="D'CNS stellt de Certificat vun der Matversécherung just fir Awunner vu Lëtzebuerg aus. Wennt Iech un "
        "d'Krankekeess vun deem Land, an deem Dir wunnt.",
    )
    NOBODY_COINSURED = _Texts(
        fr="Personne n'est coassuré avec vous selon le dossier de la CNS. Demandez d'abord la coassurance, puis recommencez la démarche.",
        de="Laut der Akte der CNS ist niemand mit Ihnen mitversichert. Beantragen Sie zuerst die Mitversicherung und "
        "beginnen Sie den Vorgang neu.",
        en="Nobody is co-insured with you according to the file of the CNS. Ask for the co-insurance first, then start the "
        "procedure again.",
        lb="Nom Dossier vun der CNS ass kee mat Iech matverséchert. Frot als éischt d'Matversécherung un a fänkt dann d'Demarche nei un.",
    )
    NOT_COINSURED = _Texts(
        fr="Au moins une des personnes indiquées n'est pas coassurée avec vous. Vérifiez qui est coassuré avec vous, puis "
        "recommencez la démarche.",
        de="Mindestens eine der genannten Personen ist nicht mit Ihnen mitversichert. Prüfen Sie, wer mit Ihnen "
        "mitversichert ist, und beginnen Sie den Vorgang neu.",
        en="At least one of the persons you named is not co-insured with you. Check who is co-insured with you, then start "
        "the procedure again.",
        lb="Op d'mannst eng vun de genannte Persounen ass net mat Iech matverséchert. Kuckt no, wien mat Iech matverséchert "
        "ass, a fänkt d'Demarche nei un.",
    )

    def told_in(self, locale: Locale) -> str:
        """The text in this language."""
        text: str = getattr(self.value, locale.value)
        return text
