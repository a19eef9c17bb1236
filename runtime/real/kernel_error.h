/// What the kernel's errors mean to us.
#pragma once

#include "runtime/errc.h"

#include <boost/system/error_code.hpp>

namespace verdikt::runtime::real {

/// For an errno of a file operation. What has no name of its own is an `io_error`.
[[nodiscard]] errc file_error(int number);

/// For an error of a socket or a name resolution. What has no name of its own is `connection_lost`.
[[nodiscard]] errc network_error(const boost::system::error_code& error);
[[nodiscard]] errc network_error(int number);

}  // namespace verdikt::runtime::real
