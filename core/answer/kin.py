"""Words that say the same, and words that say the opposite, as far as whether a text says something hangs on them.

English and German with some of the other languages' commonest words; a word of one language stands for that of \
another.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from core.text import search_terms

# A line each: what may stand for one another where an answer says in its words what a document says.
_SAME = """
cost costs price fee charge charged surcharge rate tariff amount kosten kostet preis gebühr entgelt betrag \
berechnet berechnen précio precio prix prezzo tarifa coût costo
parcel package shipment consignment packet paket sendung paquete envío colis pacco
deliver delivery delivered arrive arrival ship shipping transport carry carried transit liefern lieferung \
zustellen zustellung versand versenden
send sent mail post dispatch handed schicken senden
buy purchase acquire bought order ordered kaufen erwerben bestellen bestellung kauf
allow allowed permit permitted possible welcome accept accepted erlaubt zulässig gestattet darf dürfen möglich
need needs require required must necessary mandatory obligatory brauchen benötigen nötig erforderlich muss müssen
begin begins start starts commence beginnen beginnt starten
end ends finish close closes terminate cancel cancelled cancellation expire kündigen stornieren stornierung \
beenden endet enden
give gives provide provides offer offers supply grant include includes included contain contains come comes \
bieten geben gibt enthalten enthält bekommen erhalten
get gets receive receives obtain collect pick
refund refunded refunds reimburse reimbursed reimbursement repay repaid erstatten erstattet erstattung \
rückerstattung zurückzahlen
return returns returned back bring rückgabe zurückgeben zurücksenden retoure rücksendung
compensate compensated compensation cover covered coverage insure insured insurance abgedeckt gedeckt versichert \
entschädigung
tell tells inform informed notify notified say let announce melden mitteilen informieren
shop store seller merchant retailer laden geschäft händler
phone telephone call hotline telefon telefonisch anrufen
mobile cell handy
fix repair repaired mend reparieren reparatur reparaturen
broken damaged damage smashed faulty defective defekt beschädigt kaputt schaden
staff employee employees worker workers team mitarbeiter personal
boss manager supervisor vorgesetzter
holiday holidays vacation leave urlaub
settle pay pays paid payment zahlen zahlt bezahlen zahlung
big large size groß größe
quick fast rapid schnell
weigh weighs weight heavy gewicht wiegen wiegt schwer
long length longest lang länge
high height tall höhe hoch
wide width breite breit
year years annual annually yearly jahr jahre jährlich
month months monthly monat monate monatlich
week weeks weekly woche wochen wöchentlich
day days daily tag tage täglich
limit limits allowance threshold cap capped exceed exceeds grenze limit
keep keeps kept store stored storage hold holds retain stay stays remain wait waits aufbewahren lagern lagerung lager
choose chosen chooses choice select pick wählen auswählen
check checked inspect inspected examine verify prüfen kontrollieren
display shown shows appear zeigen
paper papers document documents form dokument unterlagen
prolong extend extended verlängern
ask asks request requested fragen anfragen
answer answers reply respond replies antworten antwort
deadline period notice frist dauer
take takes last lasts dauert dauern duration
live lives reside wohnen
child children kid kids kind kinder
car vehicle auto fahrzeug wagen
bicycle bike bikes rad fahrrad räder
flat apartment wohnung
rent rental lease miete
electricity power strom
wash cleaning clean reinigen reinigung
consent permission approval zustimmung einwilligung erlaubnis
written writing write schriftlich
destroy destroyed dispose disposal discarded
delete deleted erase erased remove removed löschen gelöscht
throw thrown away
replace replaced replacement swap change changed changing exchange umtausch ersetzen wechseln tauschen
guarantee warranty garantie gewährleistung
open opens opened öffnen geöffnet
contents content inhalt
goods item items product products ware waren artikel
mistake error fault fehler
late delayed delay verspätet verspätung
lost lose loses loss missing verloren verlieren verlust
decide decides decision entscheiden entscheidung entschieden
hurt hurts pain schmerz schmerzen
pulled extraction extracted removed gezogen
meal breakfast frühstück
park parking stellplatz parkplatz parken
room rooms zimmer
arrival anreise ankunft
departure abreise abfahrt
animal animals pet pets dog haustier haustiere tier tiere hund hunde
guest visitor gast gäste
vat tax taxed taxes steuer mehrwertsteuer
untersagt prohibited banned forbidden refused verboten interdit prohibido vietato
discount reduction reduced rabatt ermäßigung nachlass descuento rebaja remise sconto korting desconto
student students studierende studenten pupils
liable liability responsible haftet haften haftung verantwortlich
"""
# Who stands on which side: a line each, the sides parted by a bar.
_ROLES = """
sender shipper absender remitente expéditeur mittente afzender remetente | recipient receiver addressee consignee \
empfänger destinatario destinataire ontvanger destinatário | courier carrier driver kurier fahrer zusteller \
repartidor
buyer purchaser käufer comprador acheteur | seller vendor verkäufer vendedor vendeur
customer client kunde kundin kunden cliente klant | shop merchant retailer dealer händler laden werkstatt | \
bank library museum school clinic studio airline operator bibliothek schule \
praxis company firm provider unternehmen anbieter firma
tenant renter lessee mieter inquilino locataire | landlord lessor vermieter owner eigentümer propietario propriétaire
employer arbeitgeber empleador employeur | employee worker arbeitnehmer empleado employé staff
lender creditor gläubiger | borrower debtor schuldner
parent parents eltern | child children kind kinder
doctor dentist physician arzt ärztin | patient patients patienten
guest visitor gast gäste huésped | host hotel gastgeber
driver fahrer | passenger fahrgast
teacher lehrer trainer | student pupil schüler
supplier lieferant | purchaser besteller
manager supervisor vorgesetzte | employee employees mitarbeiter
"""
# What cannot both be so of the same thing; a line each, the sides parted by a bar.
_OPPOSITES = """
before prior vor antes avant bevor | after following nach después après nachdem
increase increases increased raise raised rise rises erhöht steigt erhöhen | decrease decreases decreased reduce \
reduced reduces lower lowered fall falls senkt sinkt reduzieren
highest maximum largest most höchste | lowest minimum smallest least niedrigste
higher longer more heavier | lower shorter less lighter
earliest frühestens | latest spätestens
inside indoors within innen drinnen | outside outdoors außen draußen
import imports imported einfuhr importieren | export exports exported ausfuhr exportieren
open opened geöffnet offen | closed shut geschlossen
optional voluntary freiwillig | mandatory compulsory obligatory required verpflichtend pflicht
include includes included including inklusive einschließlich enthalten | exclude excludes excluded excluding \
exklusive zuzüglich
always immer stets | sometimes rarely occasionally manchmal selten
buy buys bought purchase kaufen | sell sells sold verkaufen
morning vormittag vormittags morgens | afternoon evening nachmittag nachmittags abends abend
domestic national inland | international abroad foreign ausland
cold kalt | hot warm heiß
left links | right rechts
top upper oben | bottom unten
win won gain | lose lost
valid gültig | expired abgelaufen
summer sommer | winter
weekday weekdays werktags | weekend weekends wochenende
gross brutto | net netto
"""
# Goes with a capital and stands for its country, as its name does.
_OF_COUNTRIES = """
swiss CH; german DE; french FR; dutch NL; spanish ES; british GB; english GB; american US; danish DK; polish PL; \
norwegian NO;
swedish SE; finnish FI; japanese JP; chinese CN; italian IT; portuguese PT; belgian BE; austrian AT; australian AU;
canadian CA; mexican MX; brazilian BR; turkish TR; greek GR; irish IE; czech CZ; hungarian HU; indian IN; korean KR;
russian RU; singaporean SG; emirati AE; luxembourgish LU
"""
_DAYS = """
monday montag lundi lunes lunedì maandag; tuesday dienstag mardi martes martedì dinsdag;
wednesday mittwoch mercredi miércoles mercoledì woensdag; thursday donnerstag jeudi jueves giovedì donderdag;
friday freitag vendredi viernes venerdì vrijdag; saturday samstag sonnabend samedi sábado sabato zaterdag;
sunday sonntag dimanche domingo domenica zondag
"""
COUNTRY_OF = {word: f"country:{code}" for word, code in re.findall(r"\b(\w{1,40}) ([A-Z]{2})", _OF_COUNTRIES)}
DAY_OF = {
    f"{word}{form}": f"day:{number}"
    for number, names in enumerate(_DAYS.split(";"))
    for word in names.split()
    for form in ("", "s", "e", "en")
}


Sides = Mapping[str, frozenset[tuple[int, int]]]
"""By casefolded word, on which side of which line it stands; two sides of one line exclude one another."""
_FORMS = ("", "s", "e", "n", "en", "es", "in", "innen")


@lru_cache(maxsize=64)
def same_words(languages: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Return by term, in these languages, the names of the groups of words that it may stand for."""
    same: dict[str, frozenset[str]] = {}
    for number, line in enumerate(filter(None, _SAME.splitlines())):
        for word in line.split():
            for term in search_terms(word, languages):
                same[term] = same.get(term, frozenset()) | {f"={number}"}
    return same


@lru_cache(maxsize=1)
def roles() -> Sides:
    """Return who stands on which side: senders and recipients."""
    return _sides(_ROLES, _FORMS)


@lru_cache(maxsize=1)
def opposites() -> Sides:
    """Return what cannot both be so: before and after."""
    return _sides(_OPPOSITES, ("",))


def _sides(lines: str, forms: tuple[str, ...]) -> Sides:
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for number, line in enumerate(filter(None, lines.splitlines())):
        for place, side in enumerate(line.split("|")):
            for word in (f"{each}{form}" for each in side.split() for form in forms):
                found[word] = found.get(word, frozenset()) | {(number, place)}
    return found
