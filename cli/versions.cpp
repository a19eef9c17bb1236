#include "cli/versions.h"

#include <fmt/format.h>
#include <sys/utsname.h>

namespace verdikt::cli {

checker::report::named_values versions_here() {
    checker::report::named_values all{{"verdikt", VERDIKT_VERSION},
                                      {"system under trial", "verdikt-broker " VERDIKT_VERSION}};
    utsname machine{};
    if (::uname(&machine) == 0) {
        all.emplace_back(
            "kernel", fmt::format("{} {} {}", machine.sysname, machine.release, machine.machine));
    }
    return all;
}

}  // namespace verdikt::cli
