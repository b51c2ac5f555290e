// SPDX-License-Identifier: MIT
// The same facts, as a compiler of C++ sees them.
#include "facts.h"

extern "C" size_t facts_cxx_values(void);

size_t facts_cxx_values(void)
{
    static const ALIGN_TYPE values[] = {
#define VALUE(name, value) (ALIGN_TYPE)(name),
#include "values.h"
#undef VALUE
    };

    return sizeof values / sizeof values[0];
}
