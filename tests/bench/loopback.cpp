#include "loopback.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace verdikt::bench {

namespace {

constexpr const char* setting = "/proc/sys/net/ipv4/tcp_congestion_control";

/// A new namespace has the device, switched off.
void raise_loopback_device() {
    const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq device{};
    std::strcpy(device.ifr_name, "lo");
    device.ifr_flags = IFF_UP | IFF_RUNNING;
    const int result = ::ioctl(any, SIOCSIFFLAGS, &device);
    if (result != 0) throw std::system_error(errno, std::generic_category(), "raising loopback");
    ::close(any);
}

bool enter_own_network() {
    const bool entered =
        ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    if (entered) raise_loopback_device();
    return entered;
}

}  // namespace

std::string choose_loopback() {
    const bool own = enter_own_network();
    if (own) std::ofstream(setting) << "reno";
    std::string congestion_control = "unknown";
    std::ifstream(setting) >> congestion_control;
    return fmt::format("congestion control {}, {} network namespace",
                       congestion_control,
                       own ? "a private" : "the machine's");
}

}  // namespace verdikt::bench
