#include "runtime/real/kernel_error.h"

#include <boost/asio/error.hpp>

#include <cerrno>

namespace verdikt::runtime::real {

errc file_error(int number) {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return errc::not_found;
        case EEXIST:
        case ENOTEMPTY:
            return errc::already_exists;
        case ENOSPC:
        case EDQUOT:
            return errc::no_space;
        case EROFS:
            return errc::read_only;
        case EACCES:
        case EPERM:
        case EISDIR:
            return errc::not_permitted;
        case EMFILE:
        case ENFILE:
            return errc::too_many_open;
        case EWOULDBLOCK:
            return errc::locked;
        default:
            return errc::io_error;
    }
}

errc network_error(int number) {
    switch (number) {
        case ECONNREFUSED:
            return errc::refused;
        case EHOSTUNREACH:
        case ENETUNREACH:
        case ENETDOWN:
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
        case ETIMEDOUT:
            return errc::unreachable;
        case EADDRINUSE:
            return errc::address_in_use;
        case EACCES:
        case EPERM:
            return errc::not_permitted;
        case EMFILE:
        case ENFILE:
            return errc::too_many_open;
        default:
            return errc::connection_lost;
    }
}

errc network_error(const boost::system::error_code& error) {
    const bool is_resolution = error.category() == boost::asio::error::get_netdb_category() ||
                               error.category() == boost::asio::error::get_addrinfo_category();
    return is_resolution ? errc::unreachable : network_error(error.value());
}

}  // namespace verdikt::runtime::real
