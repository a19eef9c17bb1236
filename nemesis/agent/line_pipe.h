/// Lines over a pair of descriptors: what a lab and its agents speak through.
///
/// Lives on one executor. Requires: `stop` has returned before it is destroyed.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/scope.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <optional>
#include <string>

namespace verdikt::nemesis::agent {

class line_pipe {
  public:
    /// Owns both descriptors from then on.
    line_pipe(const runtime::executor& loop, int input, int output);
    line_pipe(const line_pipe&) = delete;
    line_pipe& operator=(const line_pipe&) = delete;

    /// Nothing once the other end is closed. One caller at a time. Throws `operation_aborted` when
    /// cancelled.
    runtime::awaitable<std::optional<std::string>> read_line();

    /// Sends soon, in the order of the calls. What the other end no longer takes is lost: it hears
    /// of nothing, and `read_line` says so.
    void send(const std::string& line);

    runtime::awaitable<void> stop();

  private:
    runtime::awaitable<void> write_waiting();

    boost::asio::posix::basic_stream_descriptor<runtime::executor> input_;
    boost::asio::posix::basic_stream_descriptor<runtime::executor> output_;
    std::string received_;
    std::string waiting_;
    bool writing_ = false;
    runtime::scope sending_;
};

}  // namespace verdikt::nemesis::agent
