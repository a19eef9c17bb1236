/// The store as web pages: what is listed, and that nothing outside of it is given away.
#include "cli/store_pages.h"
#include "cli/subcommand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace verdikt::cli {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class a_store : public testing::Test {
  protected:
    a_store() {
        std::string shape = (fs::temp_directory_path() / "verdikt-store-XXXXXX").string();
        folder_ = fs::canonical(mkdtemp(shape.data()));
        fs::create_directories(root());
    }
    ~a_store() override { fs::remove_all(folder_); }

    [[nodiscard]] fs::path root() const { return folder_ / "store"; }

    void write(const fs::path& path, const std::string& text) const {
        fs::create_directories((folder_ / path).parent_path());
        std::ofstream(folder_ / path) << text;
    }

    void add_run(const std::string& test, const std::string& time, const std::string& verdict) {
        write(fs::path("store") / test / time / "results.json",
              fmt::format(R"({{"test":"t","verdict":"{}","words":"Some words.","seed":7,
"faults":[{{"kind":"kill","bit":true}},{{"kind":"pause"}}],"operations":{{"send":{{"ok":12}}}}}})",
                          verdict));
        write(fs::path("store") / test / time / "history.ndjson", "{}\n");
    }

    [[nodiscard]] http_answer get(std::string_view target) const {
        store from(root());
        return answer_of(from, "GET", target);
    }

    fs::path folder_;
};

}  // namespace

TEST_F(a_store, lists_its_runs_with_verdict_counts_and_faults_the_newest_first) {
    add_run("queue", "20261122T010000.000Z", "valid");
    add_run("groups", "20261122T020000.000Z", "violation");
    const std::string page = get("/").body;
    EXPECT_THAT(page, HasSubstr("2 runs"));
    EXPECT_THAT(page, HasSubstr("12 ok, 0 failed, 0 unknown"));
    EXPECT_THAT(page, HasSubstr("1 of 2 bit, 1 kind"));
    EXPECT_LT(page.find("/runs/groups/20261122T020000.000Z/"),
              page.find("/runs/queue/20261122T010000.000Z/"));
}

TEST_F(a_store, is_filtered_by_test_and_verdict) {
    add_run("queue", "1", "valid");
    add_run("queue", "2", "violation");
    add_run("groups", "3", "valid");
    EXPECT_THAT(get("/?test=queue").body, HasSubstr("2 runs"));
    const std::string page = get("/?test=queue&verdict=violation").body;
    EXPECT_THAT(page, HasSubstr("1 run<"));
    EXPECT_THAT(page, HasSubstr("/runs/queue/2/"));
    EXPECT_THAT(page, Not(HasSubstr("/runs/queue/1/")));
}

TEST_F(a_store, shows_a_run_that_has_no_results_as_unfinished) {
    write("store/queue/1/history.ndjson", "{}\n");
    write("store/queue/2/results.json", "{ half a file");
    EXPECT_THAT(get("/?verdict=unfinished").body, HasSubstr("2 runs"));
    EXPECT_THAT(get("/runs/queue/1/").body, HasSubstr("history.ndjson"));
}

TEST_F(a_store, goes_on_over_several_pages) {
    for (int at = 0; at < 230; ++at) add_run("queue", fmt::format("{:03}", at), "valid");
    EXPECT_THAT(get("/").body, HasSubstr("/runs/queue/229/"));
    EXPECT_THAT(get("/").body, Not(HasSubstr("/runs/queue/100/")));
    EXPECT_THAT(get("/?page=1").body, HasSubstr("/runs/queue/100/"));
    EXPECT_THAT(get("/?page=18446744073709551615").body, HasSubstr("/runs/queue/000/"));
}

TEST_F(a_store, shows_a_run_with_its_files_and_their_sizes) {
    add_run("queue", "1", "valid");
    write("store/queue/1/report.html", "<p>");
    write("store/queue/1/node-1/broker.log", std::string(1500, 'x'));
    const std::string page = get("/runs/queue/1/").body;
    EXPECT_THAT(page, HasSubstr("href=\"/runs/queue/1/report.html\""));
    EXPECT_THAT(page, HasSubstr("href=\"/runs/queue/1/node-1/broker.log\""));
    EXPECT_THAT(page, HasSubstr("1.5 kB"));
    EXPECT_THAT(page, HasSubstr("Some words."));
}

TEST_F(a_store, follows_the_links_to_the_latest) {
    add_run("queue", "1", "valid");
    fs::create_directory_symlink("1", root() / "queue" / "latest");
    fs::create_directory_symlink("queue/1", root() / "latest");
    EXPECT_EQ(get("/runs/queue/latest/").status, "200 OK");
    EXPECT_EQ(get("/runs/queue/latest/history.ndjson").file, root() / "queue/1/history.ndjson");
    EXPECT_THAT(get("/").body, HasSubstr("1 run<"));
}

TEST_F(a_store, gives_only_the_report_as_a_page_and_what_it_does_not_know_to_keep) {
    add_run("queue", "1", "valid");
    for (const auto* const name :
         {"report.html", "other.html", "xreport.html", "node-1/broker.log"}) {
        write(fs::path("store/queue/1") / name, "<script>alert(1)</script>");
    }
    EXPECT_EQ(get("/runs/queue/1/report.html").type, "text/html; charset=utf-8");
    EXPECT_EQ(get("/runs/queue/1/node-1/broker.log").type, "text/plain; charset=utf-8");
    for (const std::string name : {"other.html", "xreport.html"}) {
        const http_answer got = get("/runs/queue/1/" + name);
        EXPECT_EQ(got.type, "application/octet-stream") << name;
        EXPECT_TRUE(got.download) << name;
    }
    EXPECT_TRUE(get("/runs/queue/1/history.ndjson").download);
}

TEST_F(a_store, gives_nothing_that_lies_outside) {
    add_run("queue", "1", "valid");
    write("secret/passwords.log", "secret");
    write("store-of-others/queue/1/results.json", "{}");
    fs::create_symlink(folder_ / "secret/passwords.log", root() / "queue/1/link.log");
    fs::create_directory_symlink(folder_ / "secret", root() / "queue/1/folder");
    fs::create_directory_symlink("../../../store-of-others/queue/1", root() / "queue/stranger");
    fs::create_directory_symlink(folder_ / "store-of-others", root() / "others");
    for (const std::string_view target : {"/runs/queue/1/link.log",
                                          "/runs/queue/1/folder/passwords.log",
                                          "/runs/queue/1/../../../secret/passwords.log",
                                          "/runs/queue/1/..%2f..%2f..%2fsecret%2fpasswords.log",
                                          "/runs/queue/1/%2e%2e/%2e%2e/%2e%2e/secret/passwords.log",
                                          "/runs//etc/passwd",
                                          "/runs/%2fetc/passwd/x",
                                          "/runs/queue/1/%2fetc%2fpasswd",
                                          "/runs/queue/stranger/",
                                          "/runs/others/queue/1/results.json",
                                          "/runs/others/queue/"}) {
        const http_answer got = get(target);
        EXPECT_TRUE(got.status.starts_with("40")) << target << ": " << got.status;
        EXPECT_TRUE(got.file.empty()) << target;
    }
    EXPECT_THAT(get("/").body, Not(HasSubstr("others")));
    EXPECT_THAT(get("/runs/queue/1/").body, Not(HasSubstr("link.log")));
}

TEST_F(a_store, gives_nothing_but_files) {
    add_run("queue", "1", "valid");
    ASSERT_EQ(mkfifo((root() / "queue/1/pipe.log").c_str(), 0600), 0);
    EXPECT_EQ(get("/runs/queue/1/pipe.log").status, "404 Not Found");
    fs::create_directories(root() / "queue/1/node-1");
    EXPECT_EQ(get("/runs/queue/1/node-1").status, "404 Not Found");
}

TEST_F(a_store, takes_nothing) {
    add_run("queue", "1", "valid");
    store from(root());
    for (const std::string_view method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
        EXPECT_EQ(answer_of(from, method, "/").status, "405 Method Not Allowed");
    }
    EXPECT_EQ(answer_of(from, "HEAD", "/").status, "200 OK");
}

TEST_F(a_store, escapes_hostile_names) {
    const std::string hostile = "<img src=x onerror='alert(1)'>\"&\u202e";
    add_run(hostile, hostile, "violation");
    write(fs::path("store") / hostile / hostile / (hostile + ".log"), "x");
    for (const std::string& page : {get("/").body,
                                    get("/?test=%3Cimg%3E").body,
                                    get("/runs/%3Cimg%20src=x%20onerror='alert(1)'%3E%22&%E2%80%AE/"
                                        "%3Cimg%20src=x%20onerror='alert(1)'%3E%22&%E2%80%AE/")
                                        .body}) {
        EXPECT_THAT(page, HasSubstr("<title>"));
        EXPECT_THAT(page, Not(HasSubstr("<img")));
        EXPECT_THAT(page, Not(HasSubstr("\u202e")));
    }
}

TEST_F(a_store, forgets_what_it_read_when_the_file_changes) {
    add_run("queue", "1", "valid");
    store from(root());
    EXPECT_THAT(answer_of(from, "GET", "/?verdict=valid").body, HasSubstr("1 run<"));
    add_run("queue", "1", "violation");
    EXPECT_THAT(answer_of(from, "GET", "/?verdict=violation").body, HasSubstr("1 run<"));
}

TEST_F(a_store, that_is_not_there_is_refused) {
    EXPECT_THROW(store(folder_ / "none"), bad_arguments);
}

}  // namespace verdikt::cli
