/// A disk that hangs until it is told to go on.
#pragma once

#include "runtime/environment.h"
#include "runtime/scope.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace verdikt::runtime {

/// Blocks the disk worker of a directory: to open a FIFO for reading waits for somebody to write.
class blocked_disk {
  public:
    blocked_disk(environment& world, const std::filesystem::path& directory)
        : world_(world), fifo_(directory / "fifo"), opening_(world.get_executor()) {
        EXPECT_EQ(::mkfifo(fifo_.c_str(), 0600), 0);
        opening_.spawn([](environment& inner, std::filesystem::path path) -> awaitable<void> {
            const auto opened = co_await inner.files().open(path, open_mode::read);
            EXPECT_TRUE(opened.has_value());
        }(world, fifo_));
    }

    /// Returns once the worker hangs. Requires: no other disk operation is waiting.
    awaitable<void> wait_until_it_hangs() {
        co_await world_.sleep_for(std::chrono::milliseconds(20));
        EXPECT_EQ(opening_.running(), 1U);
    }

    awaitable<void> release() {
        const int writing = ::open(fifo_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        EXPECT_GE(writing, 0);
        co_await opening_.join();
        ::close(writing);
    }

  private:
    environment& world_;
    std::filesystem::path fifo_;
    scope opening_;
};

}  // namespace verdikt::runtime
