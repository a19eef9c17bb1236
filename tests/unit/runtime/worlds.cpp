#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/real_bench.h"
#include "tests/unit/runtime/sim_bench.h"

namespace verdikt::runtime {

std::vector<world_under_test> worlds() {
    return {
        {.name = "real", .make = [] { return std::unique_ptr<bench>(new real_bench()); }},
        {.name = "sim", .make = [] { return std::unique_ptr<bench>(new sim_bench()); }},
    };
}

}  // namespace verdikt::runtime
