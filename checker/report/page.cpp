#include "checker/report/page.h"

#include "checker/report/sections.h"

namespace verdikt::checker::report {

namespace {

void write_head_element(markup& page, const std::string& title) {
    const auto head = page.open("head");
    page.empty("meta", {{"charset", "utf-8"}});
    page.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    // Even if something hostile found a way onto the page, nothing of it would run or load.
    page.empty("meta",
               {{"http-equiv", "Content-Security-Policy"},
                {"content", "default-src 'none'; style-src 'unsafe-inline'"}});
    page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    page.leaf("title", title);
    const auto style = page.open("style");
    page.trusted(style_sheet());
}

}  // namespace

std::string whole_page(const std::string& title, const std::function<void(markup&)>& write_body) {
    markup page;
    page.trusted("<!DOCTYPE html>\n");
    {
        const auto html = page.open("html", {{"lang", "en"}});
        write_head_element(page, title);
        const auto body = page.open("body");
        const auto main = page.open("main");
        write_body(page);
    }
    page.trusted("\n");
    return page.take();
}

}  // namespace verdikt::checker::report
