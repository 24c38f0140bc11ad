# SPDX-License-Identifier: MIT
# Conference rows to lines for "tix import events -":
#
#   jq -c -f conferences.jq --slurpfile zones zones.json rows.json | tix import events -
#
# A row: {name, url, startDate, endDate, city, country, online, locales, ...}. Rows with the same name,
# startDate and city are one event. zones.json: {"cities": {"Berlin": "Europe/Berlin"}, "countries":
# {"Germany": "Europe/Berlin"}}; the city wins. A row without a city has no venue and the zone UTC; a
# place that zones.json does not know has no zone, so that the import's --zone counts.

# Letters beyond ASCII and what a slug makes of them, first the letter.
def letters:
  "àa áa âa ãa äa åa āa ăa ąa çc ćc ĉc ċc čc ďd đd ðd èe ée êe ëe ēe ĕe ėe ęe ěe ĝg ğg ġg ģg ĥh ħh ìi íi îi ïi " +
  "ĩi īi ĭi įi ıi ĵj ķk ĺl ļl ľl łl ñn ńn ņn ňn òo óo ôo õo öo øo ōo ŏo őo ŕr ŗr řr śs ŝs şs šs șs ţt ťt ŧt țt ùu " +
  "úu ûu üu ũu ūu ŭu ůu űu ųu ŵw ýy ÿy ŷy źz żz žz ßss æae œoe þth ẞss";

def fold_table:
  reduce (letters | split(" ")[]) as $pair ({};
    .[$pair[0:1]] = $pair[1:] | .[$pair[0:1] | explode | map(
      if . >= 224 and . <= 254 then . - 32       # Latin-1 has its capitals 32 before
      elif . >= 256 and . <= 382 then            # Latin Extended-A in pairs, from 313 to 328 and 377 on odd first
        (if (. >= 313 and . <= 328) or . >= 377 then (if . % 2 == 0 then . - 1 else . end)
         else (if . % 2 == 1 then . - 1 else . end) end)
      elif . == 537 or . == 539 then . - 1
      else . end) | implode] = $pair[1:]);

# Lower case, a-z 0-9 and single dashes, at most $max long.
def slug($table; $max):
  ascii_downcase
  | explode | map([.] | implode | ($table[.] // .)) | add // ""
  | gsub("[^a-z0-9]+"; "-") | ltrimstr("-") | .[0:$max] | rtrimstr("-");

def given: select(. != null and . != "");

def zone($zones): $zones[0].cities[.city // ""] // $zones[0].countries[.country // ""] // null;

def venue($table; $zones):
  { slug: ([.city, (.country | given)] | join(" ") | slug($table; 100)), name: .city, city: .city }
  + ({ country: .country, zone: zone($zones) } | with_entries(select(.value != null and .value != "")));

def line($table; $zones):
  { event: .slug, name, start: .startDate, end: (.endDate // .startDate), type: "conference",
    tags: ([(.locales // "" | split(",")[] | gsub("^ +| +$"; "") | given),
      (if .online == true then "online" else empty end)] | unique) }
  + (if (.city // "") == "" then { zone: "UTC" } else { venue: venue($table; $zones) } end)
  + { doc: (del(.slug, .name, .startDate, .endDate, .city, .country)) };

fold_table as $table
| reduce .[] as $row ({ seen: {}, slugs: {}, rows: [] };
    ([$row.name, $row.startDate, $row.city // ""] | tojson) as $key
    | if .seen[$key] then .
      else
        ([$row.name, $row.startDate, ($row.city | given)] | map(slug($table; 42)) | map(given) | join("-")) as $slug
        | .slugs as $taken
        | first(range(1; 1000) | if . == 1 then $slug else "\($slug)-\(.)" end | select($taken[.] | not)) as $free
        | .seen[$key] = true
        | .slugs[$free] = true
        | .rows += [$row + { slug: $free }]
      end)
| .rows[]
| line($table; $zones)
