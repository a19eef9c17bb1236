/// The real world under the contract suite: loopback, and a fresh directory that goes with the
/// bench.
#pragma once

#include "runtime/real/world.h"
#include "tests/unit/runtime/bench.h"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <string>

namespace verdikt::runtime {

/// Under the system's temporary directory; removed with all that is in it.
class temporary_directory {
  public:
    temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class real_bench final : public bench {
  public:
    real_bench() = default;
    /// With the disk workers that `options` asks for.
    explicit real_bench(real::world_options options) : world_(context_, std::move(options)) {}

    [[nodiscard]] real::world& world() override { return world_; }
    void run(awaitable<void> main) override;
    [[nodiscard]] std::filesystem::path directory() const override { return directory_.path(); }
    [[nodiscard]] std::string host() const override { return "127.0.0.1"; }

  private:
    temporary_directory directory_;
    boost::asio::io_context context_{1};
    real::world world_{context_, {.node = "test", .seed = 1}};
};

}  // namespace verdikt::runtime
