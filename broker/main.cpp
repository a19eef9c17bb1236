#include "broker/program/program.h"

int main(int count, char** arguments) {
    return verdikt::broker::program::run_program({arguments + 1, arguments + count});
}
