"""Ten invented tables of web pages, each with the rows that its reader sees, the header row first.

A name over several columns stands before the name of each; a cell that reaches over several rows stands in each of
them; one that reaches over columns of data stands in the first. A row is the list of its cells.
"""

TABLES: list[tuple[str, bytes, list[list[str]]]] = [
    (
        "a cell over three rows",
        b"""<table><tr><th>Region</th><th>Site</th><th>Lamps</th></tr>
        <tr><td rowspan="3">North</td><td>Felby</td><td>41</td></tr><tr><td>Halden</td><td>7</td></tr>
        <tr><td>Orsted</td><td>19</td></tr><tr><td rowspan=2>South</td><td>Brunn</td><td>3</td></tr>
        <tr><td>Tarn</td><td>88</td></tr></table>""",
        [
            ["Region", "Site", "Lamps"],
            ["North", "Felby", "41"],
            ["North", "Halden", "7"],
            ["North", "Orsted", "19"],
            ["South", "Brunn", "3"],
            ["South", "Tarn", "88"],
        ],
    ),
    (
        "a cell over two rows in the middle",
        b"""<table><thead><tr><th>Day</th><th>Ferry</th><th>Leaves</th></tr></thead><tbody>
        <tr><td>Monday</td><td rowspan="2">Gull</td><td>07:10</td></tr><tr><td>Tuesday</td><td>07:40</td></tr>
        <tr><td>Friday</td><td>Tern</td><td>09:05</td></tr></tbody></table>""",
        [
            ["Day", "Ferry", "Leaves"],
            ["Monday", "Gull", "07:10"],
            ["Tuesday", "Gull", "07:40"],
            ["Friday", "Tern", "09:05"],
        ],
    ),
    (
        "a head of two rows",
        b"""<table><thead><tr><th rowspan="2">Depot</th><th colspan="2">2024</th><th colspan="2">2025</th></tr>
        <tr><th>Parcels</th><th>Staff</th><th>Parcels</th><th>Staff</th></tr></thead>
        <tbody><tr><td>Felby</td><td>1,204</td><td>11</td><td>1,377</td><td>12</td></tr>
        <tr><td>Halden</td><td>860</td><td>8</td><td>911</td><td>8</td></tr></tbody></table>""",
        [
            ["Depot", "2024 Parcels", "2024 Staff", "2025 Parcels", "2025 Staff"],
            ["Felby", "1,204", "11", "1,377", "12"],
            ["Halden", "860", "8", "911", "8"],
        ],
    ),
    (
        "a head of two rows without th",
        b"""<table><tr><td></td><td colspan="2"><b>Summer</b></td><td colspan="2"><b>Winter</b></td></tr>
        <tr><td><b>Pool</b></td><td><b>Opens</b></td><td><b>Closes</b></td><td><b>Opens</b></td><td><b>Closes</b></td></tr>
        <tr><td>Lido</td><td>6:30</td><td>22:00</td><td>10:00</td><td>18:00</td></tr>
        <tr><td>Baths</td><td>8:00</td><td>20:00</td><td>8:00</td><td>17:30</td></tr></table>""",
        [
            ["Pool", "Summer Opens", "Summer Closes", "Winter Opens", "Winter Closes"],
            ["Lido", "6:30", "22:00", "10:00", "18:00"],
            ["Baths", "8:00", "20:00", "8:00", "17:30"],
        ],
    ),
    (
        "a title as wide as the table",
        b"""<table><tr><td colspan="3">Zone A</td></tr><tr><th>Weight</th><th>Fee</th><th>Days</th></tr>
        <tr><td>2 kg</td><td>4.90</td><td>3</td></tr><tr><td>5 kg</td><td>7.20</td><td>4</td></tr></table>""",
        [["Weight", "Fee", "Days"], ["2 kg", "4.90", "3"], ["5 kg", "7.20", "4"]],
    ),
    (
        "laid out within another table",
        b"""<table width="100%"><tr><td><img src="logo.png"></td><td><h2>Rates</h2></td></tr><tr><td colspan="2">
        <table><tr><th>Room</th><th>Beds</th><th>Night</th></tr><tr><td>Elm</td><td>2</td><td>88</td></tr>
        <tr><td>Oak</td><td>4</td><td>131</td></tr></table></td></tr></table>""",
        [["Room", "Beds", "Night"], ["Elm", "2", "88"], ["Oak", "4", "131"]],
    ),
    (
        "no th at all",
        b"""<table border=1><tr><td>Tool</td><td>Checked by</td><td>Every</td></tr>
        <tr><td>Crane</td><td>Ilse</td><td>6 months</td></tr><tr><td>Ladder</td><td>Bo</td><td>12 months</td></tr>
        </table>""",
        [["Tool", "Checked by", "Every"], ["Crane", "Ilse", "6 months"], ["Ladder", "Bo", "12 months"]],
    ),
    (
        "a caption and notes raised behind numbers",
        b"""<table><caption>Fees from May</caption><tr><th>Zone</th><th>Letter</th><th>Parcel</th></tr>
        <tr><td>North</td><td>1.10<sup>1</sup></td><td>5.00</td></tr>
        <tr><td>South</td><td>1.40</td><td>6.50<sup>2</sup></td></tr></table>""",
        [["Zone", "Letter", "Parcel"], ["North", "1.10\u00b9", "5.00"], ["South", "1.40", "6.50\u00b2"]],
    ),
    (
        "signs of currency and percent in cells of their own",
        b"""<table><tr><td></td><td></td><td colspan="2">2025</td><td></td><td colspan="2">Share</td></tr>
        <tr><td>Licences</td><td></td><td>$</td><td>1,984</td><td></td><td>62</td><td>%</td></tr>
        <tr><td>Service</td><td></td><td></td><td>(73</td><td>)</td><td>38</td><td>%</td></tr></table>""",
        [["", "2025", "Share"], ["Licences", "$1,984", "62%"], ["Service", "(73)", "38%"]],
    ),
    (
        "cells over columns and hidden words",
        b"""<table><tr><th>Item</th><th>Size</th><th>Colour</th><th>Price</th></tr>
        <tr><td>Sail</td><td>9 m</td><td><span style="display:none">000</span>white</td><td>410</td></tr>
        <tr><td>Rope</td><td colspan="2">to order</td><td>2.40</td></tr>
        <tr><td>Buoy</td><td>40 cm</td><td>orange</td><td><select><option>31</option></select></td></tr></table>""",
        [
            ["Item", "Size", "Colour", "Price"],
            ["Sail", "9 m", "white", "410"],
            ["Rope", "to order", "", "2.40"],
            ["Buoy", "40 cm", "orange", "31"],
        ],
    ),
]
