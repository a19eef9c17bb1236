#include "runtime/http_head.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <array>

namespace verdikt::runtime {

namespace http = boost::beast::http;

awaitable<std::optional<http_request_line>> read_http_head(stream& wire) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(http_request_line::head_size_max);
    std::array<std::byte, http_request_line::head_size_max> buffer;
    std::size_t filled = 0;
    while (!parser.is_header_done()) {
        if (filled == buffer.size()) co_return std::nullopt;
        const auto read = co_await wire.read_some(mutable_bytes(buffer).subspan(filled));
        if (!read || *read == 0) co_return std::nullopt;
        filled += *read;
        boost::system::error_code error;
        const std::size_t used =
            parser.put(boost::asio::const_buffer(buffer.data(), filled), error);
        if (error && error != http::error::need_more) co_return std::nullopt;
        std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used),
                  buffer.begin() + static_cast<std::ptrdiff_t>(filled),
                  buffer.begin());
        filled -= used;
    }
    co_return http_request_line{std::string(parser.get().method_string()),
                                std::string(parser.get().target())};
}

}  // namespace verdikt::runtime
