// SPDX-License-Identifier: Apache-2.0
//! Spark's own Rust client, through the endpoint whose URL is in FIRESTEEL_TEST_URL. Ends when its input does.

use spark_connect::SparkSession;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("FIRESTEEL_TEST_URL")?;
    let spark = SparkSession::builder().remote(&url).get_or_create()?;
    let rows = spark.range(1000)?.select_expr(vec!["sum(id)"]).collect()?;
    let sum = rows[0].get(0).and_then(|value| value.as_i64()).ok_or("no number")?;
    let error = spark.sql("SELECT nowhere")?.collect().err().ok_or("no error")?;
    let failed = error.to_string().contains("UNRESOLVED_COLUMN");
    println!("sum {sum} failed {failed} session {}", spark.session_id());
    std::io::stdin().read_line(&mut String::new())?;
    spark.stop()?;
    Ok(())
}
