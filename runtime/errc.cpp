#include "runtime/errc.h"

#include "runtime/check.h"

namespace verdikt::runtime {

std::string_view describe(errc error) {
    switch (error) {
        case errc::not_found:
            return "no such file or directory";
        case errc::already_exists:
            return "already exists";
        case errc::no_space:
            return "no space left on the disk";
        case errc::read_only:
            return "read-only file system";
        case errc::io_error:
            return "input/output error";
        case errc::not_permitted:
            return "permission denied";
        case errc::locked:
            return "locked by another process";
        case errc::too_many_open:
            return "too many open files";
        case errc::refused:
            return "connection refused";
        case errc::unreachable:
            return "host unreachable or unknown";
        case errc::connection_lost:
            return "connection lost";
        case errc::address_in_use:
            return "address already in use";
        case errc::closed:
            return "closed";
    }
    CHECK(false, "an errc of value {}", static_cast<int>(error));
    return {};
}

}  // namespace verdikt::runtime
