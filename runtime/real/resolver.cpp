#include "runtime/real/resolver.h"

#include "runtime/real/kernel_error.h"
#include "runtime/wait_point.h"

#include <boost/asio/ip/basic_resolver.hpp>

#include <memory>
#include <string>

namespace verdikt::runtime::real {

namespace {

using tcp = boost::asio::ip::tcp;
using tcp_resolver = boost::asio::ip::basic_resolver<tcp, executor>;

/// Shared with the handler, because a cancelled caller goes before the answer comes.
struct lookup {
    explicit lookup(executor loop) : resolver(loop) {}

    tcp_resolver resolver;
    std::vector<tcp::endpoint> found;
    wait_point<boost::system::error_code> done;
};

}  // namespace

awaitable<std::expected<std::vector<tcp::endpoint>, errc>> resolve(executor loop, endpoint name) {
    using addresses = std::vector<tcp::endpoint>;
    if (name.host.empty()) {
        co_return addresses{{tcp::v6(), name.port}, {tcp::v4(), name.port}};
    }
    boost::system::error_code not_a_number;
    const auto address = boost::asio::ip::make_address(name.host, not_a_number);
    if (!not_a_number) co_return addresses{{address, name.port}};

    const auto asked = std::make_shared<lookup>(loop);
    asked->resolver.async_resolve(
        name.host,
        std::to_string(name.port),
        [asked](const boost::system::error_code& error, const tcp_resolver::results_type& results) {
            for (const auto& result : results) asked->found.push_back(result.endpoint());
            asked->done.deliver(error);
        });
    const boost::system::error_code error = co_await asked->done.wait();
    if (error) co_return std::unexpected(network_error(error));
    co_return std::move(asked->found);
}

}  // namespace verdikt::runtime::real
