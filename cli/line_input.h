/// Lines of standard input, without holding up the loop while none comes.
#pragma once

#include "runtime/awaitable.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <optional>
#include <string>

namespace verdikt::cli {

class line_input {
  public:
    /// A terminal or pipe is waited for; a regular file is never slow, so it is read at once.
    explicit line_input(runtime::executor runs_on);

    /// The next line without its newline; nothing at the end. The last line may lack its newline.
    runtime::awaitable<std::optional<std::string>> next();

  private:
    runtime::awaitable<void> fill();
    std::optional<std::string> take_line();

    boost::asio::posix::basic_stream_descriptor<runtime::executor> input_;
    bool waits_;
    bool ended_ = false;
    std::string buffer_;
    std::size_t taken_ = 0;  ///< Bytes at the front of `buffer_` that were handed out.
};

}  // namespace verdikt::cli
