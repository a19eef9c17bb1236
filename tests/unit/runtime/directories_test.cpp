/// Contract: the names of files.
#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/bytes.h"

namespace verdikt::runtime {
namespace {

using path = std::filesystem::path;

class directories : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, directories, testing::ValuesIn(worlds()), name_of_world);

awaitable<void> make_file(environment& world, path at, std::string_view text) {
    const auto made = co_await world.files().open(at, open_mode::create_new);
    EXPECT_TRUE(made.has_value());
    EXPECT_TRUE((co_await write_text(**made, 0, text)).has_value());
}

awaitable<std::string> whole_text(environment& world, path at) {
    const auto opened = co_await world.files().open(at, open_mode::read);
    if (!opened.has_value()) co_return std::string(describe(opened.error()));
    co_return co_await read_text(**opened, 0, 1000);
}

TEST_P(directories, what_does_not_exist_is_not_found) {
    run([](environment& world, path folder) -> awaitable<void> {
        file_system& files = world.files();
        EXPECT_EQ((co_await files.open(folder / "x", open_mode::read)).error(), errc::not_found);
        EXPECT_EQ((co_await files.open(folder / "x", open_mode::read_write)).error(),
                  errc::not_found);
        EXPECT_EQ((co_await files.open(folder / "no/x", open_mode::create)).error(),
                  errc::not_found);
        EXPECT_EQ((co_await files.rename(folder / "x", folder / "y")).error(), errc::not_found);
        EXPECT_EQ((co_await files.remove(folder / "x")).error(), errc::not_found);
        EXPECT_EQ((co_await files.list(folder / "x")).error(), errc::not_found);
        EXPECT_EQ((co_await files.sync_directory(folder / "x")).error(), errc::not_found);
    }(world(), directory()));
}

TEST_P(directories, create_new_refuses_what_exists_and_create_opens_it) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "x", "old");
        const auto again = co_await world.files().open(folder / "x", open_mode::create_new);
        EXPECT_EQ(again.error(), errc::already_exists);
        const auto opened = co_await world.files().open(folder / "x", open_mode::create);
        EXPECT_EQ((*opened)->size(), 3U);
        EXPECT_EQ(co_await read_text(**opened, 0, 10), "old");
    }(world(), directory()));
}

TEST_P(directories, a_file_is_found_as_it_was_left) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "x", "before");
        {
            const auto opened = co_await world.files().open(folder / "x", open_mode::read_write);
            EXPECT_TRUE((co_await write_text(**opened, 6, " after")).has_value());
        }
        EXPECT_EQ(co_await whole_text(world, folder / "x"), "before after");
    }(world(), directory()));
}

TEST_P(directories, two_handles_of_one_file_see_each_other_s_writes) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "x", "one");
        const auto reader = co_await world.files().open(folder / "x", open_mode::read);
        const auto writer = co_await world.files().open(folder / "x", open_mode::read_write);
        EXPECT_TRUE((co_await write_text(**writer, 3, "two")).has_value());
        EXPECT_EQ((*reader)->size(), 6U);
        EXPECT_EQ(co_await read_text(**reader, 0, 10), "onetwo");
    }(world(), directory()));
}

TEST_P(directories, renaming_replaces_what_was_there) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "new", "fresh");
        co_await make_file(world, folder / "old", "stale");
        EXPECT_TRUE((co_await world.files().rename(folder / "new", folder / "old")).has_value());
        EXPECT_EQ(co_await whole_text(world, folder / "old"), "fresh");
        EXPECT_EQ(co_await whole_text(world, folder / "new"), describe(errc::not_found));
    }(world(), directory()));
}

TEST_P(directories, a_folder_is_renamed_with_what_it_holds) {
    run([](environment& world, path folder) -> awaitable<void> {
        EXPECT_TRUE((co_await world.files().create_directories(folder / "a")).has_value());
        co_await make_file(world, folder / "a" / "x", "inside");
        EXPECT_TRUE((co_await world.files().rename(folder / "a", folder / "b")).has_value());
        EXPECT_EQ(co_await whole_text(world, folder / "b" / "x"), "inside");
    }(world(), directory()));
}

TEST_P(directories, an_open_file_outlives_its_name) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "x", "still here");
        const auto opened = co_await world.files().open(folder / "x", open_mode::read);
        EXPECT_TRUE((co_await world.files().remove(folder / "x")).has_value());
        EXPECT_EQ(co_await read_text(**opened, 0, 10), "still here");
        EXPECT_EQ(co_await whole_text(world, folder / "x"), describe(errc::not_found));
    }(world(), directory()));
}

TEST_P(directories, folders_are_made_with_their_parents_and_again) {
    run([](environment& world, path folder) -> awaitable<void> {
        EXPECT_TRUE((co_await world.files().create_directories(folder / "a/b/c")).has_value());
        EXPECT_TRUE((co_await world.files().create_directories(folder / "a/b/c")).has_value());
        co_await make_file(world, folder / "a/b/c/x", "deep");
        EXPECT_EQ(co_await whole_text(world, folder / "a/b/c/x"), "deep");
    }(world(), directory()));
}

TEST_P(directories, a_listing_is_sorted_and_tells_folders_and_sizes) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "b", "22");
        co_await make_file(world, folder / "a", "1");
        EXPECT_TRUE((co_await world.files().create_directories(folder / "c/d")).has_value());
        const auto entries = co_await world.files().list(folder);
        const std::vector<directory_entry> expected{
            {.name = "a", .is_directory = false, .size = 1},
            {.name = "b", .is_directory = false, .size = 2},
            {.name = "c", .is_directory = true, .size = 0},
        };
        EXPECT_EQ(entries.value(), expected);
    }(world(), directory()));
}

TEST_P(directories, remove_takes_an_empty_folder_and_refuses_a_full_one) {
    run([](environment& world, path folder) -> awaitable<void> {
        EXPECT_TRUE((co_await world.files().create_directories(folder / "a/b")).has_value());
        EXPECT_EQ((co_await world.files().remove(folder / "a")).error(), errc::already_exists);
        EXPECT_TRUE((co_await world.files().remove(folder / "a/b")).has_value());
        EXPECT_TRUE((co_await world.files().remove(folder / "a")).has_value());
        EXPECT_TRUE((co_await world.files().list(folder)).value().empty());
    }(world(), directory()));
}

TEST_P(directories, remove_all_takes_what_is_below_too) {
    run([](environment& world, path folder) -> awaitable<void> {
        EXPECT_TRUE((co_await world.files().create_directories(folder / "a/b")).has_value());
        co_await make_file(world, folder / "a/b/x", "gone");
        co_await make_file(world, folder / "keep", "kept");
        EXPECT_TRUE((co_await world.files().remove_all(folder / "a")).has_value());
        EXPECT_EQ((co_await world.files().list(folder)).value().size(), 1U);
        EXPECT_EQ((co_await world.files().remove_all(folder / "a")).error(), errc::not_found);
    }(world(), directory()));
}

TEST_P(directories, a_folder_can_be_synced) {
    run([](environment& world, path folder) -> awaitable<void> {
        co_await make_file(world, folder / "x", "named");
        EXPECT_TRUE((co_await world.files().sync_directory(folder)).has_value());
    }(world(), directory()));
}

TEST_P(directories, space_is_told_and_available_is_part_of_it) {
    run([](environment& world, path folder) -> awaitable<void> {
        const auto space = co_await world.files().space(folder);
        EXPECT_GT(space.value().available, 0U);
        EXPECT_LE(space.value().available, space.value().total);
    }(world(), directory()));
}

TEST_P(directories, a_lock_is_held_once_until_it_is_dropped) {
    run([](environment& world, path folder) -> awaitable<void> {
        auto first = co_await world.files().lock(folder / ".lock");
        EXPECT_TRUE(first.has_value());
        EXPECT_EQ((co_await world.files().lock(folder / ".lock")).error(), errc::locked);
        first->reset();
        EXPECT_TRUE((co_await world.files().lock(folder / ".lock")).has_value());
    }(world(), directory()));
}

}  // namespace
}  // namespace verdikt::runtime
