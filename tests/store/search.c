/* SPDX-License-Identifier: MIT */
/* The list and search of events: words, places, dates, states, tags, venues, pages; and what any
 * code stands for. */
#include "base/geo.h"
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

/* Slugs found, joined by blanks. */
static const char *found(const char *params)
{
	static char slugs[2000];

	slugs[0] = '\0';
	if (desk(&d, "event.list", params) < 0)
		return "error";
	for (int i = 0; i < desk_count(&d, "items"); i++) {
		char path[40];

		snprintf(path, sizeof(path), "items.%d.event", i);
		snprintf(slugs + strlen(slugs), sizeof(slugs) - strlen(slugs), "%s%s", i ? " " : "",
		    desk_text(&d, path));
	}
	return slugs;
}

static void set_up(void)
{
	is_int(
	    desk(&d, "event.import",
		"{'events':["
		"{'event':'lodz','name':'Zażółć gęślą "
		"jaźń','start':'2026-03-01','tags':['rock','open air'],"
		"'venue':{'slug':'hala','name':'Hala "
		"Główna','city':'Łódź','country':'Poland','zone':'Europe/Warsaw'}},"
		"{'event':'zurich','name':'Rock am "
		"See','start':'2026-02-01','tags':['rock-pop','C++'],'type':'concert',"
		"'venue':{'slug':'see','name':'Am "
		"See','city':'Zürich','country':'Switzerland','zone':'Europe/Zurich'}},"
		"{'event':'zurich-2','name':'Jazz am "
		"See','start':'2026-04-01','tags':['++'],'description':'with rock "
		"\\u0022AND\\u0022',"
		"'venue':{'slug':'see','name':'Am See','city':'Zürich','country':'Switzerland'}},"
		"{'event':'online','name':'Rockets and Ruby','start':'2026-03-15 18:00'}]}"),
	    0, "events");
}

static void test_words(void)
{
	is_str(found("{}"), "zurich lodz online zurich-2", "all, by start");
	is_str(found("{'words':'rock'}"), "zurich lodz zurich-2",
	    "a word, in name, tags and description");
	is_str(
	    found("{'words':'ROCK*'}"), "zurich lodz online zurich-2", "a prefix, case forgiven");
	is_str(found("{'words':'zazolc'}"), "lodz", "marks forgiven");
	is_str(found("{'words':'GĘŚLĄ jazn'}"), "lodz", "all words must occur");
	is_str(found("{'words':'rock jazz'}"), "zurich-2", "in any order");
	is_str(found("{'words':'rock poland'}"), "lodz", "the place counts too");
	is_str(found("{'words':'roc'}"), "", "a part of a word is none");
	is_str(found("{'words':'\\u0022AND\\u0022'}"), "online zurich-2", "a quote is text");
	is_str(found("{'words':'rock OR jazz'}"), "", "OR is a word like others");
	is_str(found("{'words':'rock) NOT (x'}"), "", "there is no syntax");
	is_str(found("{'words':'words:rock'}"), "", "no columns");
	is_str(found("{'words':'^rock'}"), "zurich lodz zurich-2", "signs are ignored");
	is_str(found("{'words':'*'}"), "zurich lodz online zurich-2", "a star alone says nothing");
	is_str(found("{'words':'concert'}"), "zurich", "the type");
	is_str(found("{'words':'nothing'}"), "", "what is not there");
}

static void test_filters(void)
{
	is_str(found("{'place':'zurich'}"), "zurich zurich-2", "a city");
	is_str(found("{'place':'lodz glowna'}"), "lodz",
	    "venue and city; the letter with a stroke too");
	is_str(found("{'place':'rock'}"), "", "is not in names");
	is_str(found("{'place':'zurich','words':'jazz'}"), "zurich-2", "place and words");
	is_str(found("{'tag':'rock'}"), "lodz", "a tag is exact");
	is_str(found("{'tag':'open air'}"), "lodz", "a tag of two words");
	is_str(found("{'tag':'C++'}"), "zurich", "a tag with signs");
	is_str(found("{'tag':'++'}"), "zurich-2", "a tag of signs alone");
	is_str(found("{'tag':'rock','words':'see'}"), "", "tag and words");
	is_str(found("{'venue':'see'}"), "zurich zurich-2", "a venue");
	is_int(desk(&d, "event.list", "{'venue':'none'}"), TIX_ENOT_FOUND, "that must be there");
	is_str(found("{'since':'2026-03-01'}"), "online zurich-2", "since, in UTC");
	is_str(found("{'until':'2026-03-15'}"), "zurich lodz online", "until includes its day");
	is_str(found("{'since':'2026-02-28','until':'2026-03-01','words':'rock'}"), "lodz",
	    "dates and words");
	is_str(found("{'since':'2026-02-28T23:00:00Z','words':'rock'}"), "lodz zurich-2",
	    "since is exact: at");
	is_str(found("{'since':'2026-02-28T23:00:01Z','words':'rock'}"), "zurich-2", "or after");
	is_str(found("{'until':'2026-02-28T23:00:00Z','words':'rock'}"), "zurich",
	    "until is exclusive");
	is_str(found("{'status':['published']}"), "", "nothing is published");
	is_str(found("{'status':['draft','ended'],'words':'ruby'}"), "online", "states and words");
}

static void test_marks(void)
{
	is_str(found("{'words':'s1'}"), "", "the filters are no words");
	is_str(found("{'place':'v1'}"), "", "nor places");
	is_str(found("{'words':'rock','venue':'see'}"), "zurich zurich-2", "words and venue");
	is_int(desk(&d, "category.create", "{'event':'online','name':'ga','price':'10','size':9}"),
	    0, "a category");
	is_int(desk(&d, "event.publish", "{'event':'online'}"), 0, "one is published");
	is_str(
	    found("{'words':'rock*','status':['published']}"), "online", "and found by its state");
	is_str(found("{'words':'rock*','status':['draft']}"), "zurich lodz zurich-2",
	    "the others too");
	is_str(found("{'words':'rock*','status':['draft','published']}"),
	    "zurich lodz online zurich-2", "and all of them");
	desk_as(&d, "default", NULL);
	is_str(found("{'words':'rock'}"), "zurich lodz zurich-2", "their organizer finds them");
	desk_as(&d, "other", NULL);
	is_str(found("{'words':'rock'}"), "", "another one does not");
	desk_as(&d, "default", "lodz");
	is_str(found("{'words':'rock'}"), "lodz", "who has one event finds that");
	desk_as(&d, NULL, NULL);
	is_int(desk(&d, "event.unpublish", "{'event':'online'}"), 0, "taken back");
	is_str(found("{'words':'ruby','status':['published']}"), "", "it is no longer found");
}

static void test_changes(void)
{
	is_int(desk(&d, "event.set", "{'event':'online','name':'Ćma','start':'2026-01-15'}"), 0,
	    "an event changes");
	is_str(found("{'words':'rockets'}"), "", "its old words are gone");
	is_str(found("{'words':'cma'}"), "online", "its new ones are there");
	is_str(found("{'words':'rock*'}"), "zurich lodz zurich-2", "no trace of it");
	is_int(desk(&d, "venue.set", "{'venue':'see','name':'Bellevue','city':'Genève'}"), 0,
	    "a venue changes");
	is_str(found("{'place':'geneve'}"), "zurich zurich-2", "its events are found by it");
	is_str(found("{'place':'zurich'}"), "", "not by what it was");
	is_int(desk(&d, "event.set", "{'event':'zurich','venue':'hala'}"), 0, "an event moves");
	is_str(found("{'place':'lodz'}"), "zurich lodz", "and is found there");
	is_int(desk(&d, "event.set", "{'event':'zurich','name':'Kept','dry_run':true}"), 0,
	    "a dry run");
	is_str(found("{'words':'kept'}"), "", "leaves no word");
}

static void walk(const char *filter, int want)
{
	char params[800], cursor[500] = "", last[101] = "";
	int n = 0, pages = 0;

	do {
		snprintf(params, sizeof(params), "{%s'limit':7%s%s%s}", filter,
		    cursor[0] ? ",'cursor':'" : "", cursor, cursor[0] ? "'" : "");
		if (desk(&d, "event.list", params) < 0)
			break;
		n += desk_count(&d, "items");
		snprintf(cursor, sizeof(cursor), "%s",
		    desk_text(&d, "next") ? desk_text(&d, "next") : "");
		ok(pages == 0 || !desk_text(&d, "items.0.event") ||
			strcmp(last, desk_text(&d, "items.0.event")) != 0,
		    "page %d goes on", pages);
		snprintf(last, sizeof(last), "%s",
		    desk_text(&d, "items.0.event") ? desk_text(&d, "items.0.event") : "");
	} while (cursor[0] && ++pages < 100);
	is_int(n, want, "each event is there once");
}

static void test_pages(void)
{
	json_t *events = json_array(), *params;
	char text[600], cursor[500];

	for (int i = 0; i < 60; i++)
		json_array_append_new(
		    events, json_pack("{s:o, s:s, s:o, s:[s]}", "event", json_sprintf("many-%d", i),
				"name", "Many things", "start",
				json_sprintf("2027-01-%02d", 1 + i / 6), "tags", "many"));
	params = json_pack("{s:o}", "events", events);
	is_int(desk_json(&d, "event.import", params), 0, "sixty events, six a day");
	json_decref(params);
	walk("'words':'many',", 60);
	walk("'tag':'many',", 60);
	walk("", 64);
	walk("'since':'2027-01-03','until':'2027-01-04','words':'thing*',", 12);
	is_int(desk(&d, "event.list", "{'limit':3}"), 0, "a page");
	snprintf(cursor, sizeof(cursor), "%s", desk_text(&d, "next"));
	snprintf(text, sizeof(text), "{'words':'many','cursor':'%s'}", cursor);
	is_str(found("{'status':['published']}"), "", "none of them is on sale");
	is_int(desk(&d, "event.list", "{'status':['draft'],'limit':5}"), 0, "a page of drafts");
	is_int(desk_count(&d, "items"), 5, "is full");
	walk("'status':['draft'],", 64);
	is_int(desk(&d, "event.list", text), TIX_EBAD_VALUE, "its cursor with another filter");
	is_str(d.err.field, "cursor", "is refused by name");
}

/* Pages of long descriptions are shorter than asked for, and lose nothing. */
static void test_long(void)
{
	json_t *params = json_object(), *text;
	char *description = calloc(1, 19001);

	memset(description, 'x', 19000);
	json_object_set_new(params, "description", json_string(description));
	for (int i = 0; i < 30; i++) {
		text = json_sprintf("many-%d", i);
		json_object_set_new(params, "event", text);
		if (desk_json(&d, "event.set", params) < 0)
			ok(false, "a long description");
	}
	is_int(desk(&d, "event.list", "{'words':'many','limit':1000}"), 0, "a list of long texts");
	is_int(desk_count(&d, "items"), 13, "ends before the frame is full");
	ok(desk_text(&d, "next") != NULL, "and goes on");
	walk("'words':'many',", 60);
	json_decref(params);
	free(description);
}

/* Places all over the globe, and what a plain look at their distances gives. */
static void test_places(void)
{
	static const double from[][2] = {
	    {52.52, 13.40}, {0, 0}, {-41.29, 174.78}, {64.13, -21.9}, {89.9, 10}, {0.1, 179.99}};
	static const int kms[] = {1, 25, 120, 600, 3000, 9000, 20000};
	struct geo at[200], near;
	json_t *events = json_array(), *params;
	int bad = 0, found = 0;

	srandom(7);
	for (int i = 0; i < 200; i++) {
		const double *c = from[i % 6];
		double spread = i % 4 == 0 ? 60 : i % 4 == 1 ? 3 : 0.3;
		double lat = c[0] + spread * ((double)random() / RAND_MAX - 0.5);
		double lon = c[1] + 2 * spread * ((double)random() / RAND_MAX - 0.5);

		lat = lat > 90 ? 90 : lat;
		lon = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
		at[i] = (struct geo){(int64_t)(lat * 1e6), (int64_t)(lon * 1e6)};
		json_array_append_new(events,
		    json_pack("{s:o, s:s, s:s, s:{s:o, s:s, s:f, s:f}}", "event",
			json_sprintf("geo-%d", i), "name", "Place", "start", "2028-01-01", "venue",
			"slug", json_sprintf("geo-%d", i), "name", "Somewhere", "latitude",
			(double)at[i].latitude / 1e6, "longitude", (double)at[i].longitude / 1e6));
	}
	params = json_pack("{s:o}", "events", events);
	is_int(desk_json(&d, "event.import", params), 0, "places");
	json_decref(params);
	for (int i = 0; i < 42; i++) {
		char text[200];
		int want = 0, got;

		near =
		    (struct geo){(int64_t)(from[i % 6][0] * 1e6), (int64_t)(from[i % 6][1] * 1e6)};
		for (int k = 0; k < 200; k++)
			want += geo_distance(near, at[k]) <= kms[i / 6];
		snprintf(text, sizeof(text),
		    "{'near':'%.2f,%.2f','within':%d,'since':'2028-01-01','limit':1000}",
		    from[i % 6][0], from[i % 6][1], kms[i / 6]);
		got = desk(&d, "event.list", text) < 0 ? -1 : desk_count(&d, "items");
		if (got != want)
			diag("%s: %d, want %d", text, got, want);
		bad += got != want;
		found += want;
	}
	is_int(bad, 0, "each circle has what lies in it");
	ok(found > 500, "%d in all", found);
}

static void test_near(void)
{
	is_int(desk(&d, "venue.set", "{'venue':'hala','latitude':51.77,'longitude':19.46}"), 0,
	    "where a venue is");
	is_str(found("{'near':'51.8,19.4','words':'rock'}"), "zurich lodz", "near, with words");
	is_str(found("{'near':'hala'}"), "zurich lodz", "near a venue");
	is_str(found("{'near':'hala','until':'2026-02-27','place':'lodz'}"), "zurich",
	    "near, place and date");
	is_str(found("{'near':'52.52,13.40'}"), "", "too far");
	is_str(found("{'near':'52.52,13.40','within':500}"), "zurich lodz", "but not for 500 km");
	is_int(desk(&d, "event.list", "{'within':5}"), TIX_EMISSING, "within of nothing");
	is_int(desk(&d, "event.list", "{'near':'91,5'}"), TIX_EBAD_VALUE, "no such latitude");
	is_int(desk(&d, "event.list", "{'near':'here'}"), TIX_ENOT_FOUND, "no such venue");
	is_int(desk(&d, "event.list", "{'near':'see'}"), TIX_EBAD_VALUE, "a venue somewhere");
	is_int(desk(&d, "venue.set", "{'venue':'hala','latitude':52.52,'longitude':13.40}"), 0,
	    "a venue moves");
	is_str(found("{'near':'52.52,13.40'}"), "zurich lodz", "and its events with it");
	is_str(found("{'near':'51.8,19.4'}"), "", "all of them");
}

static void test_type_price(void)
{
	is_str(found("{'type':'Concert'}"), "zurich", "a type");
	is_str(found("{'type':'concert','words':'jazz'}"), "", "type and words");
	is_str(found("{'type':'rock'}"), "", "a word is no type");
	is_int(
	    desk(&d, "category.create", "{'event':'zurich','name':'cheap','price':'20','size':9}"),
	    0, "a price");
	is_int(desk(&d, "category.create",
		   "{'event':'zurich','name':'staff','price':'1','size':9,'hidden':true}"),
	    0, "a hidden one");
	is_int(
	    desk(&d, "category.create", "{'event':'zurich','name':'dear','price':'80','size':9}"),
	    0, "another");
	is_str(found("{'price_max':'20.00'}"), "online zurich", "at most");
	is_str(found("{'price_max':'19.99','words':'rock'}"), "", "hidden prices are none");
	is_str(found("{'price_min':'80','price_max':'80'}"), "zurich", "exactly");
	is_str(found("{'price_min':'30','price_max':'70'}"), "", "none between");
	is_str(found("{'price_min':'USD 1'}"), "", "none in that currency");
	is_int(desk(&d, "event.list", "{'price_max':'<5'}"), TIX_EBAD_VALUE, "no sign");
	is_str(d.err.field, "price_max", "refused by name");
}

static int show(const char *code, enum show_kind *kind, const char **ret_code)
{
	struct call c = {
	    .core = &d.core,
	    .db = d.reader,
	    .arena = d.arena,
	    .who = &d.who,
	    .now = DESK_NOW,
	};
	int64_t id;
	int r;

	db_begin(d.reader, &c.err);
	r = show_find(&c, code, kind, &id, ret_code);
	db_rollback(d.reader);
	return r;
}

static void shows(const char *code, enum show_kind want, const char *want_code)
{
	enum show_kind kind = SHOW_order;
	const char *own = NULL;

	is_int(show(code, &kind, &own), 0, code);
	is_str(show_kind_word(kind), show_kind_word(want), "its kind");
	is_str(own, want_code, "its code");
}

static void test_show(void)
{
	char order[20], ticket[40], hold[20], part[30], lower[40];
	enum show_kind kind;
	const char *own;

	is_int(desk(&d, "category.create", "{'event':'lodz','name':'ga','price':'10','size':9}"), 0,
	    "a category");
	is_int(desk(&d, "quota.create", "{'event':'lodz','name':'pit','size':9}"), 0, "a quota");
	is_int(desk(&d, "event.publish", "{'event':'lodz'}"), 0, "published");
	is_int(desk(&d, "order.create",
		   "{'event':'lodz','line':[{'category':'ga','count':2}],'pay':'cash'}"),
	    0, "an order");
	snprintf(order, sizeof(order), "%s", desk_text(&d, "code"));
	snprintf(ticket, sizeof(ticket), "%s", desk_text(&d, "tickets.1.code"));
	is_int(desk(&d, "hold.create", "{'event':'lodz','line':[{'category':'ga','count':1}]}"), 0,
	    "a hold");
	snprintf(hold, sizeof(hold), "%s", desk_text(&d, "code"));
	shows("lodz", SHOW_event, "lodz");
	shows("lodz/ga", SHOW_category, "lodz/ga");
	shows("lodz/pit", SHOW_quota, "lodz/pit");
	shows("hala", SHOW_venue, "hala");
	shows("default", SHOW_organizer, "default");
	shows(order, SHOW_order, order);
	shows(hold, SHOW_hold, hold);
	snprintf(part, sizeof(part), "%s/2", order);
	shows(part, SHOW_ticket, part);
	shows(ticket, SHOW_ticket, part);
	for (size_t i = 0; i <= strlen(order); i++)
		lower[i] = (char)(order[i] >= 'A' && order[i] <= 'Z' ? order[i] + 32 : order[i]);
	shows(lower, SHOW_order, order);
	is_int(show("nothing", &kind, &own), TIX_ENOT_FOUND, "what nothing is called");
	is_int(show("lodz/none", &kind, &own), TIX_ENOT_FOUND, "no such part");
	ticket[3] = ticket[3] == 'A' ? 'B' : 'A';
	is_int(show(ticket, &kind, &own), TIX_ENOT_FOUND, "a forged ticket code");
	desk_as(&d, "other", NULL);
	is_int(show("lodz", &kind, &own), TIX_ENOT_FOUND, "others see no event");
	is_int(show(order, &kind, &own), TIX_ENOT_FOUND, "nor its order");
	desk_as(&d, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "search"))
		return done_testing();
	set_up();
	test_words();
	test_filters();
	test_marks();
	test_changes();
	test_near();
	test_type_price();
	test_pages();
	test_long();
	test_places();
	test_show();
	desk_close(&d);
	return done_testing();
}
