#include "broker/quorum/storage_format.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/quorum/snapshot_files.h"
#include "broker/storage/log_directory.h"
#include "broker/storage/small_file.h"
#include "tests/unit/quorum/program_bench.h"

namespace verdikt::broker::quorum {
namespace {

using runtime::awaitable;
using runtime::environment;

const std::filesystem::path path = "/data/log";

format_request for_node(int node, std::string cluster = "one") {
    return {.directory = path, .cluster_id = std::move(cluster), .node = kafka::node_id(node)};
}

TEST_F(program_test, a_formatted_directory_is_known_by_what_it_was_given) {
    run([](environment& world) -> awaitable<void> {
        const auto nobody = co_await read_identity(world, path);
        EXPECT_TRUE(nobody.has_value() && !nobody->has_value());
        const auto made = co_await format_directory(world, for_node(7), false);
        EXPECT_TRUE(made.has_value());
        EXPECT_FALSE(made->directory.is_zero());
        EXPECT_EQ(**co_await read_identity(world, path), *made);
        auto opened = co_await storage::log_directory::open(
            world, path, {.cluster_id = "one", .node = kafka::node_id(7)});
        EXPECT_TRUE(opened.has_value());
        EXPECT_EQ((*opened)->directory_id(), made->directory);
        co_await (*opened)->stop();
    });
}

TEST_F(program_test, a_directory_of_another_node_or_cluster_is_not_opened) {
    run([](environment& world) -> awaitable<void> {
        EXPECT_TRUE((co_await format_directory(world, for_node(7), false)).has_value());
        const auto other_node = co_await storage::log_directory::open(
            world, path, {.cluster_id = "one", .node = kafka::node_id(8)});
        EXPECT_EQ(other_node.error(), storage::errc::wrong_identity);
        const auto other_cluster = co_await storage::log_directory::open(
            world, path, {.cluster_id = "two", .node = kafka::node_id(7)});
        EXPECT_EQ(other_cluster.error(), storage::errc::wrong_identity);
    });
}

TEST_F(program_test, a_directory_is_formatted_once) {
    run([](environment& world) -> awaitable<void> {
        const auto made = co_await format_directory(world, for_node(7), false);
        const auto again = co_await format_directory(world, for_node(7), false);
        EXPECT_EQ(again.error(), "/data/log is formatted already, for node 7 of cluster one");
        EXPECT_EQ(*co_await format_directory(world, for_node(7), true), *made);
        EXPECT_FALSE((co_await format_directory(world, for_node(8), true)).has_value());
        EXPECT_FALSE((co_await format_directory(world, for_node(7, "two"), true)).has_value());
        EXPECT_EQ(**co_await read_identity(world, path), *made);
    });
}

TEST_F(program_test, a_standalone_node_is_the_first_voter) {
    run([](environment& world) -> awaitable<void> {
        format_request alone = for_node(7);
        alone.standalone = true;
        alone.endpoints = {{"CONTROLLER", "here", 9093}};
        const auto made = co_await format_directory(world, std::move(alone), false);
        snapshot_files snapshots(world.files(), path / "__cluster_metadata-0");
        const auto bytes = co_await snapshots.read(bootstrap_snapshot);
        const auto content = decode_snapshot(*bytes);
        const raft::voter_set expected(
            {{raft::node_id(7),
              {.directory = made->directory, .endpoints = {{"CONTROLLER", "here", 9093}}}}});
        EXPECT_EQ(content->voters, expected);
    });
}

TEST_F(program_test, an_identity_that_cannot_be_read_is_an_error) {
    for (const char* text :
         {"version=2\ncluster.id=a\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n",
          "version=1\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n",
          "version=1\ncluster.id=a\nnode.id=x\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n",
          "version=1\ncluster.id=a\nnode.id=1\n"}) {
        run([text](environment& world) -> awaitable<void> {
            EXPECT_TRUE((co_await world.files().create_directories(path)).has_value());
            const auto written = co_await storage::replace_file(
                world.files(), path / "meta.properties", std::string(text));
            EXPECT_TRUE(written.has_value());
            EXPECT_FALSE((co_await read_identity(world, path)).has_value()) << text;
        });
    }
}

}  // namespace
}  // namespace verdikt::broker::quorum
