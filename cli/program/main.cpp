#include "cli/subcommands.h"

#include <vector>

int main(int count, char** arguments) {
    const std::vector<std::string_view> words(arguments + 1, arguments + count);
    return verdikt::cli::run_command_line(verdikt::cli::all_subcommands(), words);
}
