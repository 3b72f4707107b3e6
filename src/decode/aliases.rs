//! What the world calls the fields of an article, in order of preference.
//!
//! Names as written by news-please, trafilatura, newspaper4k, Fundus, NewsAPI, mediastack, newsdata.io, Webz,
//! Event Registry, Feedly, GDELT, ninjs, schema.org JSON-LD, Guardian, NYT, Aylien, Media Cloud, Factiva,
//! Nexis, ProQuest, NGEC, RSS, JSON Feed and WARC. The path language:
//!
//! | path | means |
//! |---|---|
//! | `title` | the key, whatever characters it holds |
//! | `fields.body` | the key `fields.body`, else `body` inside `fields` |
//! | `headlines[].value` | the first element of the list that has a `value` |
//! | `LP+TD` | both joined; at least one must be there |
//! | `source@http` | only if it is an `http` address |
//! | `source@name` | only if it is not |

use super::options::Logical;

/// The names of one logical field, best first.
pub fn of(field: Logical) -> &'static [&'static str] {
    match field {
        Logical::Title => TITLE,
        Logical::Text => TEXT,
        Logical::Summary => SUMMARY,
        Logical::Url => URL,
        Logical::PublishedAt => PUBLISHED_AT,
        Logical::FetchedAt => FETCHED_AT,
        Logical::ModifiedAt => MODIFIED_AT,
        Logical::Source => SOURCE,
        Logical::Language => LANGUAGE,
        Logical::Id => ID,
        Logical::Author => AUTHOR,
        Logical::Section => SECTION,
        Logical::Version => VERSION,
        Logical::Status => STATUS,
    }
}

const TITLE: &[&str] = &[
    "title",
    "headline",
    "article_title",
    "webTitle",
    "headlines[].value",
    "headline.main",
    "title_rss",
    "title_page",
    "html_title",
    "rss_title",
    "name",
    "Title",
    "Headline",
    "HD",
    "heading",
    "fields.headline",
];

const TEXT: &[&str] = &[
    "maintext",
    "article_text",
    "articleBody",
    "body_text",
    "plaintext",
    "fulltext",
    "full_text",
    "full_content",
    "bodyText",
    "fields.bodyText",
    "text",
    "content.content",
    "content_text",
    "body",
    "content",
    "event_text",
    "raw_text",
    "Full text",
    "Article",
    "LP+TD",
    "bodies[].value",
    "body_html",
    "body_xhtml",
    "content_html",
    "content:encoded",
    "fields.body",
];

const SUMMARY: &[&str] = &[
    "description",
    "summary",
    "excerpt",
    "abstract",
    "snippet",
    "lead_paragraph",
    "description_text",
    "meta_description",
    "trailText",
    "article_description",
    "summary.content",
    "descriptions[].value",
];

const URL: &[&str] = &[
    "url",
    "link",
    "web_url",
    "webUrl",
    "article_url",
    "canonicalUrl",
    "canonical_link",
    "canonicalurl",
    "links.permalink",
    "alternate[].href",
    "href",
    "source_url@http",
    "source@http",
    "WARC-Target-URI",
    "SOURCEURL",
    "DocumentIdentifier",
    "Document URL",
    "read_more_link",
];

const PUBLISHED_AT: &[&str] = &[
    "date_publish",
    "publishing_date",
    "publish_date",
    "published_date",
    "publishedAt",
    "published_at",
    "datePublished",
    "date_published",
    "article_publish_date",
    "webPublicationDate",
    "dateTimePub",
    "pubDate",
    "pub_date",
    "published",
    "versioncreated",
    "versionCreated",
    "firstcreated",
    "firstCreated",
    "dateCreated",
    "dateTime",
    "date",
    "Date",
    "PD+ET",
    "Publication date",
    "timestamp",
    "seendate",
];

const FETCHED_AT: &[&str] = &[
    "date_download",
    "download_date",
    "crawled",
    "filedate",
    "seendate",
    "crawlTimestamp",
    "indexed_date",
    "scraped_at",
    "WARC-Date",
    "fetched_at",
    "retrieved_at",
];

const MODIFIED_AT: &[&str] =
    &["date_modify", "dateModified", "modified_date", "updated", "date_modified", "lastModified"];

const SOURCE: &[&str] = &[
    "source_domain",
    "source_name",
    "source.name",
    "source.title",
    "source.uri",
    "source.domain",
    "source@name",
    "sitename",
    "source-hostname",
    "meta_site_name",
    "siteName",
    "publisher.name",
    "publisher",
    "publication",
    "media_name",
    "outletName",
    "provider[].name",
    "origin.title",
    "name_source",
    "clean_url",
    "domain",
    "hostname",
    "thread.site",
    "source_id",
    "newspaper",
    "Newspaper",
    "SN",
    "SourceCommonName",
    "Publication title",
];

const LANGUAGE: &[&str] = &[
    "language",
    "lang",
    "inLanguage",
    "meta_lang",
    "humanLanguage",
    "article_language",
    "xml:lang",
    "LA",
    "Language of publication",
];

const ID: &[&str] = &[
    "id",
    "uuid",
    "guid",
    "article_id",
    "uri",
    "stories_id",
    "story_id",
    "AN",
    "db_id",
    "fingerprint",
    "WARC-Record-ID",
    "ProQuest document ID",
    "GKGRECORDID",
    "_id",
];

const AUTHOR: &[&str] =
    &["author", "authors", "byline", "creator", "article_author", "dc:creator", "BY", "Author"];

const SECTION: &[&str] = &[
    "section",
    "sectionName",
    "category",
    "categories",
    "tags",
    "keywords",
    "topics",
    "subject",
    "genre",
    "Section",
    "pagetype",
];

const VERSION: &[&str] = &["version", "versioncreated", "versionCreated"];

const STATUS: &[&str] = &["pubstatus", "pubStatus", "pub_status"];

/// Keys that hold a list of articles around which a service wraps its answer, in the order of trust.
pub const LISTS: &[&str] = &[
    "articles",
    "items",
    "docs",
    "hits",
    "results",
    "response",
    "data",
    "news",
    "entries",
    "stories",
    "documents",
    "records",
    "posts",
    "result",
    "feed",
    "output",
    "rows",
    "value",
];

/// Keys that hold one article inside an envelope.
pub const ENVELOPES: &[&str] = &[
    "_source",
    "article",
    "doc",
    "item",
    "data",
    "node",
    "attributes",
    "document",
    "story",
    "payload",
    "result",
];
