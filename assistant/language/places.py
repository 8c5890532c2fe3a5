"""Countries and large cities by their Japanese and English names: pairs that no report has to spell out. Pure."""

PLACES: tuple[tuple[str, str], ...] = (
    ("日本", "Japan"), ("中国", "China"), ("米国", "US"), ("米国", "America"), ("アメリカ", "US"), ("英国", "UK"),
    ("英国", "Britain"), ("イギリス", "UK"), ("ドイツ", "Germany"), ("フランス", "France"), ("イタリア", "Italy"),
    ("スペイン", "Spain"), ("オランダ", "Netherlands"), ("スイス", "Switzerland"), ("スウェーデン", "Sweden"),
    ("ロシア", "Russia"), ("ウクライナ", "Ukraine"), ("トルコ", "Turkey"), ("ポーランド", "Poland"), ("韓国", "Korea"),
    ("台湾", "Taiwan"), ("香港", "Hong Kong"), ("インド", "India"), ("タイ", "Thailand"), ("ベトナム", "Vietnam"),
    ("マレーシア", "Malaysia"), ("シンガポール", "Singapore"), ("インドネシア", "Indonesia"), ("フィリピン", "Philippines"),
    ("オーストラリア", "Australia"), ("豪州", "Australia"), ("カナダ", "Canada"), ("メキシコ", "Mexico"),
    ("ブラジル", "Brazil"), ("カタール", "Qatar"), ("サウジアラビア", "Saudi Arabia"), ("アラブ首長国連邦", "UAE"),
    ("イスラエル", "Israel"), ("エジプト", "Egypt"), ("南アフリカ", "South Africa"), ("欧州", "Europe"),
    ("ヨーロッパ", "Europe"), ("アジア", "Asia"), ("中東", "Middle East"), ("アフリカ", "Africa"), ("北京", "Beijing"),
    ("上海", "Shanghai"), ("広州", "Guangzhou"), ("深セン", "Shenzhen"), ("深圳", "Shenzhen"), ("杭州", "Hangzhou"),
    ("東京", "Tokyo"), ("大阪", "Osaka"), ("名古屋", "Nagoya"), ("横浜", "Yokohama"), ("京都", "Kyoto"),
    ("ソウル", "Seoul"), ("ロンドン", "London"), ("パリ", "Paris"), ("ベルリン", "Berlin"), ("ニューヨーク", "New York"),
    ("ドーハ", "Doha"), ("ドバイ", "Dubai"), ("バンコク", "Bangkok"), ("台北", "Taipei"),
)  # fmt: skip
# How a country is abbreviated in brackets after a name, as （米） or (独).
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("日本", "(日)"), ("中国", "(中)"), ("米国", "(米)"), ("英国", "(英)"), ("ドイツ", "(独)"), ("フランス", "(仏)"),
    ("イタリア", "(伊)"), ("韓国", "(韓)"),
)  # fmt: skip
