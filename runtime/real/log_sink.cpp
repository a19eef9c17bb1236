#include "runtime/real/log.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/base_sink.h>

#include <mutex>

namespace verdikt::runtime::real {

namespace {

constexpr std::size_t lines_waiting_max = 8192;

/// Writes lines as they are, and lets none sit in a buffer.
class stream_sink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit stream_sink(std::FILE* out) : out_(out) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        fmt::print(out_, "{}\n", std::string_view(message.payload.data(), message.payload.size()));
        std::fflush(out_);
    }
    void flush_() override { std::fflush(out_); }

  private:
    std::FILE* out_;
};

class threaded_log_sink final : public log_sink {
  public:
    threaded_log_sink(std::string node, log_options options)
        : node_(std::move(node)),
          options_(options),
          thread_(std::make_shared<spdlog::details::thread_pool>(lines_waiting_max, 1)),
          logger_(std::make_shared<spdlog::async_logger>(
              node_,
              std::make_shared<stream_sink>(options.out),
              thread_,
              spdlog::async_overflow_policy::overrun_oldest)) {
        logger_->set_level(spdlog::level::trace);
    }

    [[nodiscard]] bool enabled(log_level level) const override { return level >= options_.level; }

  protected:
    void write_line(log_level level,
                    std::string_view event,
                    std::span<const log_field> fields) override {
        const auto now =
            std::chrono::floor<wall_instant::duration>(std::chrono::system_clock::now());
        const log_stamp stamp{.time = now, .node = node_, .level = level};
        const bool json = options_.format == log_format::json;
        const std::string line =
            json ? format_json_line(stamp, event, fields) : format_text_line(stamp, event, fields);
        logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }

  private:
    std::string node_;
    log_options options_;
    // The thread writes what waits, then ends, when the last owner of the pool goes.
    std::shared_ptr<spdlog::details::thread_pool> thread_;
    std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

std::unique_ptr<log_sink> make_log_sink(std::string node, log_options options) {
    return std::make_unique<threaded_log_sink>(std::move(node), options);
}

}  // namespace verdikt::runtime::real
